//! Compares ways to do the same: each once in every round, so that what else the machine does hits them all.

#![allow(dead_code)] // no bench uses all of it

use std::time::Instant;

/// How many rounds count, after one that warms up. At least 7; `ROUNDS` sets another number.
const ROUNDS: usize = 9;

/// A way, by its name.
pub type Way<'a> = (&'a str, Box<dyn FnMut() + 'a>);

/// Prints for each way the median of its times in milliseconds with the smallest and largest, and the median
/// of its ratios to the first way, each of one round.
pub fn compare(title: &str, mut ways: Vec<Way<'_>>) {
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    let mut times = vec![Vec::new(); ways.len()];
    for round in 0..=rounds {
        for (way, times) in ways.iter_mut().zip(&mut times) {
            let start = Instant::now();
            way.1();
            if round > 0 {
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    println!("{title}");
    for ((name, _), own) in ways.iter().zip(&times) {
        let [low, middle, high] = spread(own.clone());
        let [least, ratio, most] =
            spread(own.iter().zip(&times[0]).map(|(own, first)| own / first).collect());
        println!(
            "    {name:<44} {middle:>9.2} ms ({low:.2} to {high:.2})   {ratio:.2} ({least:.2} to {most:.2})"
        );
    }
}

/// The smallest, the median and the largest.
fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [values[0], values[values.len() / 2], values[values.len() - 1]]
}
