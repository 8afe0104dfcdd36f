//! The style sheet's colours hold WCAG AA: 4.5 : 1 for text, 3 : 1 for the shapes of controls.

use std::collections::HashMap;

const SHEET: &str = include_str!("../../static/cordon.css");

fn tokens(selector: &str) -> HashMap<&'static str, [f64; 3]> {
    let start = SHEET.find(selector).expect("selector") + selector.len();
    let block = SHEET
        .get(start..)
        .and_then(|s| s.split_once('}'))
        .expect("block")
        .0;
    block
        .split(';')
        .filter_map(|line| {
            line.trim()
                .trim_start_matches("{")
                .trim()
                .strip_prefix("--")?
                .split_once(':')
        })
        .filter_map(|(name, value)| {
            let hex = value.trim().strip_prefix('#')?;
            let part = |i: usize| {
                let text = hex.get(i..i + 2)?;
                u8::from_str_radix(text, 16)
                    .ok()
                    .map(|v| f64::from(v) / 255.0)
            };
            Some((name, [part(0)?, part(2)?, part(4)?]))
        })
        .collect()
}

fn luminance(rgb: [f64; 3]) -> f64 {
    let linear = rgb.map(|c| {
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    linear[0] * 0.2126 + linear[1] * 0.7152 + linear[2] * 0.0722
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_and_controls_can_be_read_in_both_themes() {
    let grounds = ["bg", "surface", "raised", "hover", "select"];
    for selector in [
        ".cordon {\n  color-scheme: dark",
        ".cordon[data-theme=\"light\"] {\n  color-scheme: light",
    ] {
        let t = tokens(selector);
        let check = |ink: &str, ground: &str, least: f64| {
            let (Some(a), Some(b)) = (t.get(ink), t.get(ground)) else {
                panic!("{ink} or {ground} is missing in {selector}");
            };
            let ratio = contrast(*a, *b);
            assert!(
                ratio >= least,
                "{selector}: {ink} on {ground} is {ratio:.2} : 1, needs {least}"
            );
        };
        for ground in grounds {
            for ink in ["text", "muted", "accent", "clean", "held", "refused"] {
                check(ink, ground, 4.5);
            }
            check("edge", ground, 3.0);
        }
        check("on-accent", "accent", 4.5);
        check("on-screen", "screen", 4.5);
        for (ink, ground) in [
            ("held", "held-soft"),
            ("refused", "refused-soft"),
            ("clean", "clean-soft"),
            ("text", "held-soft"),
            ("text", "refused-soft"),
        ] {
            check(ink, ground, 4.5);
        }
    }
}

#[test]
fn the_ratio_is_that_of_wcag() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
}
