//! The GPU images of a real answer: how long they are supported, and where they run.

use cloud_images::catalog::{Image, Machine, Phase, Reading, Support, Verdict};
use serde_json::Value;

/// The images in an answer of the computing API whose names say a driver, as a catalogue reads them.
fn gpu_images() -> Vec<Image> {
    fn strings(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
            Value::Object(map) => map.values().for_each(|value| strings(value, found)),
            _ => {}
        }
    }
    let answer = include_str!("../data/computing-list-images.json");
    let mut names = Vec::new();
    strings(&serde_json::from_str(answer).unwrap(), &mut names);
    names.sort();
    names.dedup();
    let images = names.into_iter().map(|name| {
        let reading = Reading::of(&name);
        let mut image = Image::new("gpu", "nebula-block", name.clone(), name);
        image.distribution = reading.distribution;
        image.version = reading.version;
        image.driver = reading.driver;
        image.cuda = reading.cuda;
        image
    });
    images.filter(|image| image.driver.is_some()).collect()
}

#[test]
fn every_driver_of_the_gpu_images_has_ended() {
    let images = gpu_images();
    assert_eq!(images.len(), 8);
    let day = "2026-11-25".parse().unwrap();
    for image in images {
        let lifecycle = image.lifecycle(Support::bundled());
        assert_eq!(lifecycle.driver().unwrap().at(day).phase, Phase::Ended, "{}", image.name);
        assert_eq!(lifecycle.driver_successor(day).unwrap().name(), "R580");
        assert_eq!(lifecycle.is_supported(day), Some(false));
        let system = lifecycle.system().unwrap();
        let phase = if system.name() == "22.04" { Phase::Standard } else { Phase::Extended };
        assert_eq!(system.at(day).phase, phase, "{}", image.name);
    }
}

#[test]
fn the_gpu_images_run_where_their_driver_knows_the_gpu() {
    for (gpu, r535, r550) in [
        ("A100", Verdict::Yes, Verdict::Yes),
        ("H100-80G-SXM5", Verdict::Yes, Verdict::Yes),
        ("H200", Verdict::No, Verdict::Unknown),
        ("B200", Verdict::No, Verdict::No),
    ] {
        for image in gpu_images() {
            let fit = Machine::new().gpu(gpu).fit(&image);
            let expected = if image.name.contains("R535") { r535 } else { r550 };
            assert_eq!(fit.verdict(), expected, "{gpu}, {}: {fit}", image.name);
        }
    }
}
