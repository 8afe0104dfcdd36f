//! What must hold for any geometry that a header can claim.

#![allow(clippy::unwrap_used, clippy::panic)]

use cordon_volumes::{SliceGeometry, group};
use proptest::prelude::*;

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        -500.0..500.0_f64,
        Just(0.0),
        Just(1e300),
        Just(f64::INFINITY),
        Just(f64::NAN),
    ]
}

prop_compose! {
    fn any_slice()(
        position in prop::option::of(prop::array::uniform3(any_number())),
        row in prop::array::uniform3(any_number()),
        column in prop::array::uniform3(any_number()),
        oriented in any::<bool>(),
        spacing in prop::option::of(prop::array::uniform2(any_number())),
        instance_number in prop::option::of(any::<i32>()),
        echo in prop::option::of(0..3_i64),
        rows in 0..3_u32,
    ) -> SliceGeometry {
        SliceGeometry {
            position,
            orientation: oriented.then_some([row, column]),
            spacing,
            instance_number,
            echo,
            rows,
            ..SliceGeometry::default()
        }
    }
}

proptest! {
    #[test]
    fn every_slice_is_in_exactly_one_stack(slices in prop::collection::vec(any_slice(), 0..40)) {
        let stacks = group(&slices);
        let mut seen: Vec<usize> = stacks.iter().flat_map(|s| s.slices.clone()).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..slices.len()).collect::<Vec<_>>());
        for stack in &stacks {
            prop_assert!(!stack.describe().is_empty());
            prop_assert!((0.0..=180.0).contains(&stack.tilt));
        }
    }

    #[test]
    fn the_order_of_files_does_not_matter(
        mut numbers in Just((0..30).collect::<Vec<i32>>()).prop_shuffle(),
        lean in -0.5..0.5_f64,
    ) {
        let slices: Vec<SliceGeometry> = numbers
            .iter()
            .map(|&n| SliceGeometry {
                instance_number: Some(n),
                position: Some([0.0, lean * f64::from(n), 3.0 * f64::from(n)]),
                orientation: Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
                spacing: Some([1.0, 1.0]),
                ..SliceGeometry::default()
            })
            .collect();
        let stacks = group(&slices);
        prop_assert_eq!(stacks.len(), 1);
        let sorted: Vec<i32> = stacks[0].slices.iter().map(|&i| numbers[i]).collect();
        numbers.sort_unstable();
        prop_assert_eq!(sorted, numbers);
        prop_assert!(stacks[0].uniform);
        let expected = (lean / 3.0).atan().abs().to_degrees();
        if expected > 0.06 {
            prop_assert!((stacks[0].tilt - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn geometry_crosses_from_worker_to_page_unchanged(z in -500_000..500_000_i32, n in any::<i32>()) {
        let z = f64::from(z) / 1000.0;
        let slice = SliceGeometry {
            instance_number: Some(n),
            position: Some([z, 0.1, -z]),
            ..SliceGeometry::default()
        };
        let text = serde_json::to_string(&slice).unwrap();
        prop_assert_eq!(serde_json::from_str::<SliceGeometry>(&text).unwrap(), slice);
    }
}
