//! The scripts of half the world's patients: Chinese, Japanese, Korean, Arabic, Hebrew, Thai,
//! Devanagari, Bengali, Tamil. Nobody reads what is written: letters are drawn at random, among
//! them those that stand in names and on forms, so that a picture has their strokes.
//!
//! The fonts come out of Debian's packages (`docs/models/text.md` names them); none is kept here.
//! Held-out sets are written in others.

use std::path::{Path, PathBuf};

use ab_glyph::{Font as _, FontVec};

use super::font::{Ink, outlined, tight};
use super::random::Random;
use super::words;

/// How letters follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Chinese,
    Japanese,
    Korean,
    Arabic,
    Hebrew,
    Thai,
    Devanagari,
    Bengali,
    Tamil,
}

/// What to look for under the folder of fonts.
const TRAINING: [(&str, Script); 16] = [
    ("wqy-microhei.ttc", Script::Chinese),
    ("wqy-microhei.ttc", Script::Chinese),
    ("uming.ttc", Script::Chinese),
    ("ipagp.ttf", Script::Japanese),
    ("ipag.ttf", Script::Japanese),
    ("NanumGothic.ttf", Script::Korean),
    ("NanumGothicBold.ttf", Script::Korean),
    ("NotoSansArabic-Regular.ttf", Script::Arabic),
    ("NotoKufiArabic-Bold.ttf", Script::Arabic),
    ("NotoSansHebrew-Regular.ttf", Script::Hebrew),
    ("MiriamCLM-Book.ttf", Script::Hebrew),
    ("NotoSansThai-Regular.ttf", Script::Thai),
    ("NotoSansDevanagari-Regular.ttf", Script::Devanagari),
    ("NotoSansDevanagari-Bold.ttf", Script::Devanagari),
    ("NotoSansBengali-Regular.ttf", Script::Bengali),
    ("NotoSansTamil-Regular.ttf", Script::Tamil),
];
const HELD_OUT: [(&str, Script); 9] = [
    ("wqy-zenhei.ttc", Script::Chinese),
    ("ipamp.ttf", Script::Japanese),
    ("UnDotum.ttf", Script::Korean),
    ("NotoNaskhArabic-Regular.ttf", Script::Arabic),
    ("FrankRuehlCLM-Medium.ttf", Script::Hebrew),
    ("NotoSerifThai-Regular.ttf", Script::Thai),
    ("Lohit-Devanagari.ttf", Script::Devanagari),
    ("NotoSerifBengali-Regular.ttf", Script::Bengali),
    ("NotoSerifTamil-Regular.ttf", Script::Tamil),
];

/// Chinese and Japanese signs of names and forms; a fifth is drawn from all.
const SIGNS: &str = "姓名性别男女年龄岁月日检查号住院科床医师放射影像部位胸腹头颅左右侧位正报告\
王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕\
小明华伟芳娜敏静丽强磊军洋勇艳杰涛超秀英桂兰山田中村本佐藤鈴木渡辺伊吉患者氏生病撮影";

/// Arabic letters that join on both sides: the first of their four forms (alone, at the end, at
/// the beginning, inside) in the block of presentation forms.
const JOINING: [u32; 22] = [
    0xFE8F, 0xFE95, 0xFE99, 0xFE9D, 0xFEA1, 0xFEA5, 0xFEB1, 0xFEB5, 0xFEB9, 0xFEBD, 0xFEC1, 0xFEC5,
    0xFEC9, 0xFECD, 0xFED1, 0xFED5, 0xFED9, 0xFEDD, 0xFEE1, 0xFEE5, 0xFEE9, 0xFEF1,
];
/// Those that join only what comes before: alone, at the end.
const ENDING: [u32; 6] = [0xFE8D, 0xFEA9, 0xFEAB, 0xFEAD, 0xFEAF, 0xFEED];

/// Fonts of these scripts.
pub(crate) struct Scripts(Vec<(Script, FontVec)>);

impl Scripts {
    /// Reads the fonts for training, or those for measuring, from anywhere under a folder.
    ///
    /// # Errors
    /// When one is missing or is no font.
    pub(crate) fn read(folder: &Path, held_out: bool) -> std::io::Result<Self> {
        let mut files = Vec::new();
        list(folder, &mut files)?;
        let wanted: &[(&str, Script)] = if held_out { &HELD_OUT } else { &TRAINING };
        let read = |&(name, script): &(&str, Script)| {
            let missing = || std::io::Error::other(format!("{name} is not under the folder"));
            let named = |file: &&PathBuf| file.file_name().is_some_and(|n| n == name);
            let file = files.iter().find(named).ok_or_else(missing)?;
            let font = FontVec::try_from_vec_and_index(std::fs::read(file)?, 0)
                .map_err(std::io::Error::other)?;
            Ok((script, font))
        };
        wanted
            .iter()
            .map(read)
            .collect::<std::io::Result<_>>()
            .map(Self)
    }

    /// Writes a line in one of them.
    pub(crate) fn write(&self, size: f32, random: &mut Random) -> Option<Ink> {
        let (script, font) = &self.0[random.below(self.0.len())];
        let has = |c: &char| font.glyph_id(*c).0 != 0;
        let mut text: String = line(*script, random).chars().filter(has).collect();
        if random.chance(0.25) {
            text = format!("{text} {}", words::cell(random));
        }
        // What looks like a name is as tall as Latin letters only where its strokes can be told
        // apart.
        let size = size.max(
            if *script == Script::Chinese || *script == Script::Japanese {
                9.0
            } else {
                7.0
            },
        );
        tight(&outlined(font, &text, size, random)?)
    }
}

fn list(folder: &Path, out: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, out)?;
        } else {
            out.push(path);
        }
    }
    Ok(())
}

/// Words as long as names are.
fn line(script: Script, random: &mut Random) -> String {
    let (most, words) = match script {
        Script::Chinese | Script::Japanese => (5, 2),
        Script::Korean => (4, 3),
        _ => (8, 3),
    };
    (0..random.between(1, words))
        .map(|_| {
            let n = random.between(2, most);
            word(script, n, random)
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn word(script: Script, n: usize, random: &mut Random) -> String {
    let from = |first: u32, last: u32, random: &mut Random| {
        let more = random.below((last - first + 1) as usize);
        char::from_u32(first + u32::try_from(more).unwrap_or(0)).unwrap_or(' ')
    };
    let sign = |random: &mut Random| {
        if random.chance(0.2) {
            return from(0x4E00, 0x9FA5, random);
        }
        let at = random.below(SIGNS.chars().count());
        SIGNS.chars().nth(at).unwrap_or(' ')
    };
    match script {
        Script::Chinese => (0..n).map(|_| sign(random)).collect(),
        Script::Japanese => {
            let kind = random.below(3);
            (0..n)
                .map(|_| match kind {
                    0 => from(0x30A1, 0x30F3, random),
                    1 => from(0x3042, 0x3093, random),
                    _ => sign(random),
                })
                .collect()
        }
        Script::Korean => (0..n).map(|_| from(0xAC00, 0xD7A3, random)).collect(),
        Script::Arabic => arabic(n, random),
        Script::Hebrew => (0..n).map(|_| from(0x05D0, 0x05EA, random)).collect(),
        Script::Thai => signed((0x0E01, 0x0E2E), (0x0E30, 0x0E39), n, random),
        Script::Devanagari => signed((0x0915, 0x0939), (0x093E, 0x094C), n, random),
        Script::Bengali => signed((0x0995, 0x09B9), (0x09BE, 0x09CC), n, random),
        Script::Tamil => signed((0x0B95, 0x0BB9), (0x0BBE, 0x0BCC), n, random),
    }
}

/// Consonants, every second with a vowel's sign.
fn signed(letters: (u32, u32), signs: (u32, u32), n: usize, random: &mut Random) -> String {
    let from = |(first, last): (u32, u32), random: &mut Random| {
        let more = random.below((last - first + 1) as usize);
        char::from_u32(first + u32::try_from(more).unwrap_or(0))
    };
    let mut out = String::new();
    for _ in 0..n {
        out.extend(from(letters, random));
        if random.chance(0.5) {
            out.extend(from(signs, random));
        }
    }
    out
}

/// Joined letters in the order in which they stand from left to right; now and then a number.
fn arabic(n: usize, random: &mut Random) -> String {
    if random.chance(0.15) {
        return (0..n)
            .filter_map(|_| char::from_u32(0x0660 + u32::try_from(random.below(10)).unwrap_or(0)))
            .collect();
    }
    let mut out = Vec::new();
    let mut joined = false;
    for i in 0..n {
        let last = i + 1 == n;
        let (form, next) = if random.chance(0.35) {
            let letter = ENDING[random.below(ENDING.len())];
            (letter + u32::from(joined), false)
        } else {
            let letter = JOINING[random.below(JOINING.len())];
            let form = match (joined, last) {
                (false, true) => 0,
                (true, true) => 1,
                (false, false) => 2,
                (true, false) => 3,
            };
            (letter + form, !last)
        };
        joined = next;
        out.extend(char::from_u32(form));
    }
    out.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_letters_join_as_their_neighbours_let_them() {
        let random = &mut Random::new(4, 2);
        for _ in 0..200 {
            let word: Vec<u32> = arabic(6, random).chars().rev().map(u32::from).collect();
            if word[0] < 0x0700 {
                continue;
            }
            let form = |c: u32| {
                let at = |list: &[u32]| list.iter().rev().find(|&&l| l <= c).map(|l| c - l);
                let ending = ENDING.iter().any(|&l| c == l || c == l + 1);
                if ending {
                    (at(&ENDING), true)
                } else {
                    (at(&JOINING), false)
                }
            };
            let mut joined = false;
            for (i, &c) in word.iter().enumerate() {
                let (form, ending) = form(c);
                let (form, last) = (form.expect("a form"), i + 1 == word.len());
                assert_eq!(form % 2 == 1, joined, "{word:x?}");
                joined = !ending && !last;
                assert_eq!(!ending && form >= 2, joined, "{word:x?}");
            }
        }
    }

    #[test]
    fn every_script_has_words() {
        let random = &mut Random::new(1, 1);
        for (_, script) in HELD_OUT {
            assert!(line(script, random).chars().count() > 1);
        }
    }
}
