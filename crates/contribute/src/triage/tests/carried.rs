//! What an object carries that its class does not account for.

use super::*;
use cordon_protocol::Severity;

/// Classes that have no pixel data, or no rule for them.
const WITHOUT_PICTURE: &[&str] = &[
    "1.2.840.10008.5.1.1.27",
    "1.2.840.10008.5.1.1.29",
    "1.2.840.10008.5.1.1.30",
    "1.2.840.10008.5.1.4.1.1.5",
    "1.2.840.10008.5.1.4.1.1.4.2",
    "1.2.840.10008.5.1.4.1.1.481.23",
    "1.2.840.10008.5.1.4.1.1.481.24",
    "1.2.840.10008.5.1.4.1.1.481.3",
    "1.2.840.10008.5.1.4.1.1.481.5",
    "1.2.840.10008.5.1.4.1.1.66.1",
    "1.2.840.10008.5.1.4.1.1.66.5",
    "1.2.840.10008.5.1.4.1.1.11.1",
    "1.2.840.10008.5.1.4.1.1.11.2",
    "1.2.840.10008.5.1.4.1.1.11.11",
    "1.2.840.10008.5.1.4.1.1.88.11",
    "1.2.840.10008.5.1.4.1.1.88.33",
    "1.2.840.10008.5.1.4.1.1.88.59",
    "1.2.840.10008.5.1.4.1.1.88.67",
    "1.2.840.10008.5.1.4.1.1.9.1.1",
    "1.2.840.10008.5.1.4.1.1.9.7.1",
    "1.2.840.10008.5.1.4.1.1.67",
    "1.2.840.10008.5.1.4.1.1.77.1.5.3",
    "1.2.840.10008.5.1.4.1.1.81.1",
    "1.2.840.10008.5.1.4.1.1.82.1",
    "1.2.840.10008.5.1.4.1.1.131",
    "1.2.840.10008.5.1.4.1.1.501.1",
    "1.2.840.10008.5.1.4.1.1.501.2.1",
    "1.2.840.10008.5.1.4.1.1.501.5",
    "1.2.840.10008.5.1.4.1.1.601.1",
    "1.2.840.10008.5.1.4.34.7",
    "1.2.840.10008.5.1.4.43.1",
];

#[test]
fn a_picture_where_none_is_expected_is_held() {
    for class in WITHOUT_PICTURE {
        for tag in [0x7FE0_0008, 0x7FE0_0009, 0x7FE0_0010, 0x7F00_0010] {
            for modality in ["", "CT", "OT", "SR", "US", "XC"] {
                let found = of(
                    class,
                    vec![
                        bytes(tag, Vr::OW, b"abcd"),
                        bytes(0x0008_0060, Vr::CS, modality.as_bytes()),
                        bytes(0x0018_0015, Vr::CS, b"CHEST"),
                        bytes(0x0028_0301, Vr::CS, b"NO"),
                    ],
                );
                assert!(found.contains(&Code::UnjudgedPixels), "{class} {modality}");
            }
        }
        // An inventory stops before the pixels.
        let announced = of(
            class,
            vec![
                bytes(0x0028_0010, Vr::US, b"\x10\0"),
                bytes(0x0018_0015, Vr::CS, b"CHEST"),
            ],
        );
        assert!(announced.contains(&Code::UnjudgedPixels), "{class}");
        let inside = of(class, vec![items(0x2020_0110, vec![pixels()])]);
        assert!(inside.contains(&Code::UnjudgedPixels), "{class}");
    }
    let film = of("1.2.840.10008.5.1.1.29", vec![pixels()]);
    assert_eq!(film, [Code::UnjudgedPixels, Code::Scanned]);
}

#[test]
fn pixel_data_that_nothing_reads_are_held_in_every_class() {
    for class in [CT, MR, PT, "1.2.840.10008.5.1.4.1.1.66.4"] {
        let with = |element| {
            of(
                class,
                vec![
                    element,
                    pixels(),
                    bytes(0x0018_0015, Vr::CS, b"CHEST"),
                    bytes(0x0028_0010, Vr::US, b"\x10\0"),
                ],
            )
        };
        for tag in [0x7F00_0010, 0x7F02_0010, 0x7FE0_0020, 0x7FE0_0030] {
            let found = with(bytes(tag, Vr::OW, b"abcd"));
            assert_eq!(found, [Code::UnjudgedPixels], "{class} {tag:08X}");
        }
        let inside = with(items(0x0040_0260, vec![pixels()]));
        assert_eq!(inside, [Code::UnjudgedPixels]);
        for (why, element) in [
            (
                "the profile takes icons out",
                items(0x0088_0200, vec![pixels()]),
            ),
            ("and what is private", items(0x0029_1010, vec![pixels()])),
            ("a vendor's own", bytes(0x7FE1_1010, Vr::OB, b"abcd")),
            (
                "a group's length",
                bytes(0x7FE0_0000, Vr::UL, b"\x0C\0\0\0"),
            ),
            ("an offset table", bytes(0x7FE0_0001, Vr::OV, &[0; 8])),
        ] {
            assert_eq!(with(element), [], "{why}");
        }
    }
}

#[test]
fn a_surface_is_held() {
    for class in ["68.1", "68.2"].map(storage_class) {
        assert_eq!(of(&class, vec![]), [Code::Surface]);
    }
    let points = || items(0x0066_0011, vec![bytes(0x0066_0016, Vr::OF, b"abcd")]);
    for class in ["88.34", "11.9", "2", "88.33", "67"].map(storage_class) {
        let found = of(
            &class,
            vec![
                items(0x0066_0002, vec![points()]),
                bytes(0x0018_0015, Vr::CS, b"CHEST"),
            ],
        );
        assert_eq!(found, [Code::Surface], "{class}");
    }
    // Segmentations of surfaces have a rule; annotations of a microscope trace cells.
    let chest = || bytes(0x0018_0015, Vr::CS, b"CHEST");
    assert_eq!(of(&storage_class("66.5"), vec![points(), chest()]), []);
    assert_eq!(
        of(&storage_class("66.5"), vec![points()]),
        [Code::HeadUnknown]
    );
    assert_eq!(of(&storage_class("91.1"), vec![points()]), []);
}

#[test]
fn a_voice_is_held() {
    let waveform = |more| items(0x5400_0100, more);
    for class in ["9.4.1", "9.4.2"].map(storage_class) {
        assert_eq!(of(&class, vec![]), [Code::Sound]);
        assert_eq!(of(&class, vec![waveform(vec![])]), [Code::Sound]);
    }
    for class in ["9.1", "88.2", "88.11", "11.1", "7"].map(storage_class) {
        let found = of(&class, vec![waveform(vec![])]);
        assert!(found.contains(&Code::Sound), "{class}");
    }
    for class in [
        "9.1.1", "9.1.4", "9.2.1", "9.3.1", "9.5.1", "9.6.2", "9.7.1", "9.8.1",
    ] {
        let class = storage_class(class);
        let samples = |how| vec![waveform(vec![bytes(0x5400_1006, Vr::CS, how)])];
        assert_eq!(of(&class, samples(b"SS")), [], "{class}");
        assert_eq!(of(&class, samples(b"MB")), [Code::Sound], "{class}");
        let spoken = vec![bytes(0x0008_0060, Vr::CS, b"AU")];
        assert_eq!(of(&class, spoken), [Code::Sound], "{class}");
    }
}

#[test]
fn a_document_anywhere_is_held() {
    for class in ["88.11", "11.1", "2", "481.5", "9.1.1"].map(storage_class) {
        let document = || bytes(0x0042_0011, Vr::OB, b"%PDF");
        for element in [document(), items(0x0040_A730, vec![document()])] {
            let chest = bytes(0x0018_0015, Vr::CS, b"CHEST");
            assert_eq!(
                of(&class, vec![element, chest]),
                [Code::EncapsulatedDocument]
            );
        }
    }
    assert_eq!(of(&storage_class("501.3"), vec![]), [Code::FreeText]);
}

#[test]
fn what_is_as_its_class_says_stays_as_it_was() {
    let chest = || bytes(0x0018_0015, Vr::CS, b"CHEST");
    let clean = || bytes(0x0028_0301, Vr::CS, b"NO");
    let rows = || bytes(0x0028_0010, Vr::US, b"\x10\0");
    let with_pixels = [
        "1", "1.1", "1.2", "12.1", "20", "481.1", "2", "2.1", "4", "4.1", "128", "130", "13.1.3",
        "66.4", "66.7", "30", "481.2",
    ];
    for class in with_pixels {
        let all = vec![chest(), clean(), rows(), pixels()];
        assert_eq!(of(&storage_class(class), all), [], "{class}");
    }
    for (class, code) in [
        ("6.1", Code::Ultrasound),
        ("7", Code::SecondaryCapture),
        ("77.1.4", Code::Photograph),
        ("66", Code::FreeText),
    ] {
        let all = vec![chest(), clean(), rows(), pixels()];
        assert_eq!(of(&storage_class(class), all), [code], "{class}");
    }
    let without = [
        "88.11", "88.22", "88.33", "88.34", "88.59", "88.67", "11.1", "11.2", "9.1.1", "9.1.2",
        "481.3", "481.5", "481.8", "66.1", "67",
    ];
    for class in without {
        let all = vec![chest(), clean(), items(0x0088_0200, vec![pixels()])];
        assert_eq!(of(&storage_class(class), all), [], "{class}");
    }
}

#[test]
fn a_video_is_held_in_every_class() {
    let mut transport = [0xFF_u8; 376];
    for at in [0, 188] {
        transport[at] = 0x47;
    }
    let streams: &[&[u8]] = &[
        b"\0\0\x01\xB3\x16\x01\x20\x13",   // MPEG-2
        b"\0\0\x01\xBA\x44\0\x04\0",       // in a program stream
        &transport,                        // in a transport stream
        b"\0\0\0\x01\x67\x64\0\x29",       // H.264
        b"\0\0\x01\x09\x10\0\0\0\x01\x67", // with a delimiter first
        b"\0\0\0\x01\x40\x01\x0C\x01",     // HEVC
        b"\0\0\0\x18ftypisom\0\0\x02\0",   // MP4
        b"\0\0\0\0\0\0\0\0",
        b"nobody knows",
        b"\xAA\xAA\xAA\xAA",
    ];
    let with = |class: &str, data: &[&[u8]], method: &str| {
        of(
            class,
            vec![
                fragments(data),
                bytes(0x0018_0015, Vr::CS, b"CHEST"),
                bytes(0x0028_0301, Vr::CS, b"NO"),
                bytes(0x0028_0002, Vr::US, b"\x03\0"),
                bytes(0x0028_0008, Vr::IS, b"30"),
                bytes(0x0028_0010, Vr::US, b"\0\x02"),
                bytes(0x0028_0011, Vr::US, b"\0\x02"),
                bytes(0x0028_0100, Vr::US, b"\x08\0"),
                bytes(0x0028_2114, Vr::CS, method.as_bytes()),
            ],
        )
    };
    for class in [CT, MR, PT, CR, "1.2.840.10008.5.1.4.1.1.12.1"] {
        for stream in streams {
            for data in [vec![*stream], vec![*stream; 30], vec![b"", *stream]] {
                let found = with(class, &data, "");
                assert_eq!(found, [Code::Photograph], "{class} {stream:?}");
            }
        }
        for still in [
            b"\xFF\xD8\xFF\xE0" as &[u8],
            b"\xFF\x4F\xFF\x51\0\x29",
            b"\0\0\0\x0CjP  \r\n\x87\n",
            b"\xFF\x0A\xFA\x1F",
            b"\0\0\0\x0CJXL \r\n\x87\n",
        ] {
            assert_eq!(with(class, &[still; 30], ""), [], "{class}");
            for method in ["ISO_13818_2", "ISO_14496_10", "ISO_10918_1\\ISO_23008_2"] {
                let stated = with(class, &[still; 30], method);
                assert_eq!(stated, [Code::Photograph], "{class} {method}");
            }
        }
        let mut rle = [0_u8; 80];
        (rle[0], rle[4]) = (3, 64);
        assert_eq!(with(class, &[rle.as_slice(); 30], ""), []);
        let native = vec![0_u8; 512 * 512 * 3];
        assert_eq!(with(class, &[native.as_slice(); 30], ""), []);
    }
    // Before the pixels are read, the method says it.
    let head = codes(
        CT,
        &[
            (0x0018_0015, Vr::CS, "CHEST"),
            (0x0028_2114, Vr::CS, "ISO_14496_10"),
        ],
    );
    assert_eq!(head, [Code::Photograph]);
    // Segmentations may be deflated frame by frame.
    let seg = "1.2.840.10008.5.1.4.1.1.66.4";
    let deflated: &[u8] = &[0x63, 0x60, 0xA0, 0x3D, 0];
    assert_eq!(with(seg, &[deflated; 30], ""), []);
    for stream in streams.iter().take(7) {
        assert_eq!(with(seg, &[*stream], ""), [Code::Photograph], "{stream:?}");
    }
}

#[test]
fn what_is_found_here_waits_for_a_person() {
    for code in [
        Code::UnjudgedPixels,
        Code::Surface,
        Code::Sound,
        Code::Photograph,
        Code::Head,
    ] {
        assert_eq!(Finding::new(code).severity(), Severity::Held);
        assert!(!usually_has_text(code), "no detector of text answers it");
    }
}
