//! What holds for lists of every kind, on random services.

use super::list::KINDS;
use proptest::collection::vec;
use proptest::prelude::*;

fn digits(below: u8, length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    vec(0..below, length)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_item_comes_once_and_in_order_and_every_stream_ends(
        ahead in 0..4_u8,
        leave in digits(16, 0..8),
        sizes in digits(6, 1..9),
        fates in digits(8, 0..20),
    ) {
        for kind in 0..KINDS as u8 {
            let plan = [&[kind, 0, ahead], &leave[..]].concat();
            // A line break, which is the byte 10, would end the line.
            let lines = [plan, sizes.clone(), fates.clone()].map(|line| line.iter().map(|byte| byte | b'0').collect::<Vec<u8>>());
            super::pagination(&lines.join(&b'\n'));
        }
    }

    #[test]
    fn no_service_keeps_a_stream_busy(
        ahead in 0..4_u8,
        by_request in 2..4_u8,
        leave in digits(16, 0..8),
        pages in vec((0..8_u8, "[0-3a-c]|/v2\\?marker=[a-c]|<\\?marker=[0-3]>; rel=next|\\{\"next\": *\"?[a-c]\"?\\}", "[a-c]( [a-c]){0,3}|"), 0..6),
    ) {
        for kind in 0..KINDS as u8 {
            let plan = [&[kind, by_request, ahead], &leave[..]].concat();
            let mut input: Vec<u8> = plan.iter().map(|byte| byte | b'0').collect();
            input.extend(b"\n");
            for (kind, next, items) in &pages {
                input.extend(format!("\n{kind}{next}\t{items}").into_bytes());
            }
            super::pagination(&input);
        }
    }
}
