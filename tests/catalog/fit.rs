//! Worked answers to "does this image run there?".

use cloud_images::catalog::{Architecture, Fit, Image, Machine, Status, Subject, Verdict};

/// An image, given by its name, driver and CUDA; empty is unknown.
fn image(name: &str, architecture: &str, driver: &str, cuda: &str) -> Image {
    let mut image = Image::new("gpu", "nebula-block", name, name);
    image.architecture = architecture.parse().ok();
    image.driver = driver.parse().ok();
    image.cuda = cuda.parse().ok();
    image
}

fn machine(gpu: &str) -> Machine {
    Machine::new().gpu(gpu).on("2026-11-25".parse().unwrap())
}

fn reasons(fit: &Fit) -> Vec<String> {
    fit.reasons().map(ToString::to_string).collect()
}

fn check(number: usize, fit: &Fit, verdict: Verdict, sentence: &str) {
    assert_eq!(fit.verdict(), verdict, "{number}: {fit}");
    if !sentence.is_empty() {
        let said = if verdict == Verdict::Yes { fit.notes().to_vec() } else { reasons(fit) };
        assert!(said.iter().any(|said| said == sentence), "{number}: {said:?} has no {sentence:?}");
    }
    let unknowns = fit.all_reasons().iter().filter(|reason| reason.verdict() == Verdict::Unknown);
    for reason in unknowns {
        assert!(reason.needed().is_some_and(|needed| !needed.is_empty()), "{number}: {reason}");
    }
}

#[test]
fn worked_verdicts() {
    use Verdict::{No, Unknown, Yes};
    const NAME: &str = "Ubuntu Server 22.04 LTS";
    for (number, (gpu, name, driver, cuda, verdict, sentence)) in [
        ("H100-PCIe", NAME, "535", "12.2", Yes, "R535 ended June 2026"),
        ("H200", NAME, "535", "12.2", No, "R535 is older than R550, the first branch for the H200"),
        (
            "H200",
            NAME,
            "550",
            "12.4",
            Unknown,
            "R550 supports the H200 from 550.90.07 on; the image says only R550",
        ),
        ("B200", NAME, "550", "12.4", No, "R550 is older than R570, the first branch for the B200"),
        (
            "B200",
            NAME,
            "570",
            "12.8",
            Yes,
            "for the B200 the driver 570.133.20 or later is advised",
        ),
        (
            "V100",
            NAME,
            "580",
            "13.0",
            No,
            "CUDA 13.0 has no code for Volta (7.0); the last is 12.x",
        ),
        ("V100", NAME, "595", "", No, "R595 dropped the V100: R580 is the last branch for Volta"),
        (
            "GH200",
            NAME,
            "570",
            "12.8",
            No,
            "the image is x86_64, the GH200 sits in an aarch64 machine",
        ),
        (
            "V100",
            "ubuntu-24.04-cuda-12.8-open-docker",
            "570",
            "12.8",
            No,
            "open kernel modules need Turing or newer, the V100 is Volta",
        ),
        ("RTX 6000", NAME, "535", "", Unknown, ""),
        (
            "B300",
            NAME,
            "580",
            "",
            Unknown,
            "R580 supports the B300 from 580.82.07 on; the image says only R580",
        ),
        (
            "K80",
            NAME,
            "535",
            "12.2",
            No,
            "R535 dropped the K80: R470 is the last branch for Kepler",
        ),
        ("A100", NAME, "", "", Unknown, "the image names no driver"),
        ("MI300X", NAME, "550", "12.4", No, "the image is built for NVIDIA, the MI300X is AMD"),
        ("RTX A6000", NAME, "535", "12.2", Yes, ""),
        ("A100-80GB", NAME, "535", "12.2", Yes, ""),
        ("H100-SXM5", NAME, "550", "12.4", Yes, "R550 has ended"),
        ("H100", NAME, "535", "12.2", Yes, ""),
        (
            "L4",
            NAME,
            "530",
            "",
            Unknown,
            "R530 supports the L4 from 530.41.03 on; the image says only R530",
        ),
        ("L40", NAME, "550", "12.4", Yes, ""),
        ("T4", NAME, "620", "13.5", Yes, ""),
        ("P4", NAME, "550", "12.4", Yes, ""),
    ]
    .into_iter()
    .enumerate()
    {
        check(number, &machine(gpu).fit(&image(name, "x86_64", driver, cuda)), verdict, sentence);
    }
}

#[test]
fn a_container_uses_the_driver_of_the_machine() {
    let host = machine("A100").host_driver("535.288.01".parse().unwrap());
    let fit = host.fit(&image("cuda 13", "x86_64", "", "13.0"));
    check(10, &fit, Verdict::No, "R535 is older than the 580 that CUDA 13 needs");
    let fit = host.fit(&image("cuda 12", "x86_64", "", "12.8"));
    let note = "CUDA 12.8 on R535 by minor-version compatibility; its own driver is 570.26";
    check(11, &fit, Verdict::Yes, note);
    // The machine runs with what it has: which kernel modules that are does not matter.
    let volta = machine("V100").host_driver("570".parse().unwrap());
    check(13, &volta.fit(&image("cuda 12", "x86_64", "", "12.8")), Verdict::Yes, "");
    let old = machine("A100").host_driver("525.53".parse().unwrap());
    let fit = old.fit(&image("cuda 12", "x86_64", "", "12.8"));
    check(12, &fit, Verdict::No, "525.53 is older than the 525.60.13 that CUDA 12 needs");
}

#[test]
fn a_driver_older_than_cuda_needs_is_said_with_both() {
    let fit = machine("A100").fit(&image("a", "x86_64", "570", "13.0"));
    assert_eq!(
        fit.to_string(),
        "no: R570 is older than the 580 that CUDA 13 needs (R570 ended February 2026)"
    );
}

#[test]
fn the_full_version_settles_what_the_branch_leaves_open() {
    for (gpu, driver, verdict) in [
        ("H200", "550.90.07", Verdict::Yes),
        ("H200", "550.54.15", Verdict::No),
        ("RTX PRO 4500 Server", "580.142", Verdict::Yes),
        ("RTX PRO 4500 Server", "590.48.01", Verdict::No),
        ("RTX PRO 4500 Server", "595.45.04", Verdict::No),
        ("RTX PRO 4500 Server", "595.71.05", Verdict::Unknown),
        ("RTX PRO 4500 Server", "610", Verdict::Unknown),
        ("H20", "545.29.06", Verdict::No),
        ("H20", "550", Verdict::Unknown),
        ("RTX 4090", "520.56.06", Verdict::Unknown),
        ("RTX 4090", "515", Verdict::No),
        // The first driver of the M60 is from memory, its last is published.
        ("M60", "346", Verdict::Unknown),
        ("M60", "595", Verdict::No),
        ("A100", "450", Verdict::Unknown),
        ("A100-80GB", "460.91.03", Verdict::Unknown),
        // The list of the open driver has the T4 late, and the T4 runs with every branch since R410.
        ("T4", "535", Verdict::Yes),
        ("T4", "550.54.15", Verdict::Yes),
    ] {
        let fit = machine(gpu).fit(&image("a", "x86_64", driver, ""));
        assert_eq!(fit.verdict(), verdict, "{gpu} {driver}: {fit}");
    }
}

#[test]
fn kernel_modules_decide_on_the_oldest_and_the_newest() {
    let name = |flavour: &str| format!("Deep Learning {flavour} Nvidia Driver AMI");
    for (gpu, architecture, name, driver, verdict) in [
        ("B200", "x86_64", name("Proprietary"), "570", Verdict::No),
        ("B200", "x86_64", name("OSS"), "570", Verdict::Yes),
        ("GH200", "aarch64", name(""), "550", Verdict::Unknown),
        ("GH200", "aarch64", name("OSS"), "550", Verdict::Yes),
        ("GH200", "aarch64", name(""), "570", Verdict::Yes),
        ("V100", "x86_64", name("OSS"), "535", Verdict::No),
        ("V100", "x86_64", name("Proprietary"), "570", Verdict::Yes),
        ("V100", "x86_64", name(""), "550", Verdict::Yes),
        ("V100", "x86_64", name(""), "570", Verdict::Unknown),
        ("T4", "x86_64", name("OSS"), "570", Verdict::Yes),
        ("A100", "x86_64", name("Proprietary"), "570", Verdict::Yes),
    ] {
        let fit = machine(gpu).fit(&image(&name, architecture, driver, ""));
        assert_eq!(fit.verdict(), verdict, "{gpu} {name} {driver}: {fit}");
    }
}

#[test]
fn an_amd_gpu_needs_rocm_and_nvidia_none() {
    let rocm = |version: &str| {
        let mut image = image("Ubuntu 22.04 ROCm", "x86_64", "", "");
        image.extras = vec![version.into()];
        image
    };
    for (gpu, extra, verdict) in [
        ("MI300X", "rocm=6.1", Verdict::Yes),
        ("MI300X", "rocm=5.7", Verdict::No),
        ("MI300X", "rocm", Verdict::Unknown),
        ("MI300X", "rocm=6", Verdict::Yes),
        ("MI325X", "rocm=6", Verdict::Unknown),
        // Its first version of ROCm is from memory: no ground for a "no".
        ("MI355X", "rocm=6.3", Verdict::Unknown),
        ("MI355X", "rocm=7.0", Verdict::Yes),
        ("MI25", "rocm=6.0", Verdict::No),
        ("H100", "rocm=6.1", Verdict::No),
    ] {
        let fit = machine(gpu).fit(&rocm(extra));
        assert_eq!(fit.verdict(), verdict, "{gpu} {extra}: {fit}");
    }
    let fit = machine("MI300X").fit(&image("Ubuntu 22.04", "x86_64", "", ""));
    check(0, &fit, Verdict::Unknown, "the image names no ROCm");
}

#[test]
fn the_processor_comes_from_the_machine_its_flavour_or_its_gpu() {
    let arm = image("a", "aarch64", "570", "12.8");
    let silent = image("a", "", "570", "12.8");
    let intel = image("a", "x86_64", "570", "12.8");
    for (machine, image, verdict) in [
        (machine("GH200"), &arm, Verdict::Yes),
        (machine("GH200"), &silent, Verdict::Unknown),
        (machine("g5g.xlarge").place("aws"), &intel, Verdict::No),
        (machine("H100"), &silent, Verdict::Yes),
        (machine("H100"), &arm, Verdict::Unknown),
        (machine("H100").arch(Architecture::Aarch64), &arm, Verdict::Yes),
        (machine("H100").arch(Architecture::X86_64), &arm, Verdict::No),
        (Machine::new().arch(Architecture::X86_64), &arm, Verdict::No),
        (Machine::new(), &arm, Verdict::Unknown),
        (Machine::new(), &intel, Verdict::Yes),
    ] {
        let mut image = image.clone();
        image.provider = "aws".into();
        let fit = machine.fit(&image);
        assert_eq!(fit.verdict(), verdict, "{machine:?}: {fit}");
    }
}

#[test]
fn a_flavour_is_read_with_its_provider() {
    // The driver is too old for the L4 of AWS, and old enough for the T4 of Huawei.
    let at = |provider: &str, gpu: &str| {
        let mut image = image("a", "x86_64", "470.57.02", "");
        image.provider = provider.into();
        machine(gpu).place(provider).fit(&image)
    };
    assert_eq!(at("aws", "g6.xlarge").verdict(), Verdict::No);
    assert_eq!(at("huawei", "g6.6xlarge.4").verdict(), Verdict::Yes);
    let anywhere = machine("g6.xlarge").fit(&image("a", "x86_64", "470.57.02", ""));
    assert_eq!(anywhere.verdict(), Verdict::Unknown);
    assert_eq!(anywhere.reasons().next().unwrap().needed(), Some("the provider of the machine"));
    check(
        0,
        &at("aws", "g99.xlarge"),
        Verdict::Unknown,
        "\"g99.xlarge\" is not a GPU of the table",
    );
    let share = at("aws", "g6f.xlarge");
    assert_eq!(share.verdict(), Verdict::No, "{share}");
    let mut newer = image("a", "x86_64", "550", "");
    newer.provider = "aws".into();
    let share = machine("g6f.xlarge").place("aws").fit(&newer);
    check(
        1,
        &share,
        Verdict::Unknown,
        "the machine has a share of a GPU, which needs the GRID driver",
    );
}

#[test]
fn cuda_has_bounds_on_both_sides() {
    for (gpu, driver, cuda, verdict) in [
        // CUDA 12.7 is what R565 reports, no toolkit.
        ("A100", "550", "12.7", Verdict::Yes),
        ("A100", "550", "12", Verdict::Yes),
        ("A100-40GB", "450", "11.8", Verdict::Unknown),
        ("A100-40GB", "470", "11", Verdict::Yes),
        ("A100-40GB", "450.51.06", "11.0", Verdict::Yes),
        ("A100-40GB", "450.51.06", "11.1", Verdict::No),
        ("A100-40GB", "450.80.02", "11.8", Verdict::Yes),
        ("A100", "620", "11.0", Verdict::Yes),
        ("A100", "620", "99.0", Verdict::Unknown),
        ("RTX 2080 Ti", "410.57", "10.0", Verdict::Yes),
        ("RTX 2080 Ti", "410.57", "10.1", Verdict::No),
        ("RTX 5090", "580", "12.4", Verdict::Unknown),
        ("RTX 5090", "580", "12", Verdict::Unknown),
        ("RTX 5090", "580", "13", Verdict::Yes),
    ] {
        let fit = machine(gpu).fit(&image("a", "x86_64", driver, cuda));
        assert_eq!(fit.verdict(), verdict, "{gpu} R{driver} CUDA {cuda}: {fit}");
    }
}

#[test]
fn a_machine_without_a_gpu_asks_for_place_room_and_driver() {
    let mut image = image("a", "x86_64", "550", "");
    image.region = Some("eu-west".into());
    image.min_disk_gib = Some(40);
    image.size_bytes = Some(21 << 30);
    for (machine, verdict, sentence) in [
        (
            Machine::new().disk_gib(20),
            Verdict::No,
            "the image needs a disk of 40 GiB, the machine has 20 GiB",
        ),
        (Machine::new().disk_gib(40), Verdict::Yes, ""),
        (
            Machine::new().ram_mib(512),
            Verdict::Yes,
            "the image does not say how much memory it needs",
        ),
        (
            Machine::new().place("aws"),
            Verdict::No,
            "the image is on nebula-block, the machine on aws",
        ),
        (Machine::new().place("nebula-block/eu-west"), Verdict::Yes, ""),
        (
            Machine::new().place("nebula-block/us-east"),
            Verdict::No,
            "the image is in eu-west, the machine in us-east",
        ),
        (
            Machine::new().driver_min("570".parse().unwrap()),
            Verdict::No,
            "R550 is older than R570, which the machine asks for",
        ),
        (
            Machine::new().driver_min("550.90.07".parse().unwrap()),
            Verdict::Unknown,
            "the machine asks for 550.90.07; the image says only R550",
        ),
        (Machine::new().driver_min("535.288.01".parse().unwrap()), Verdict::Yes, ""),
    ] {
        check(0, &machine.fit(&image), verdict, sentence);
    }
    image.min_disk_gib = None;
    let fit = Machine::new().disk_gib(20).fit(&image);
    check(1, &fit, Verdict::No, "the image has 21 GiB of data, the machine a disk of 20 GiB");
    image.region = None;
    let fit = Machine::new().place("nebula-block/eu-west").fit(&image);
    check(
        2,
        &fit,
        Verdict::Unknown,
        "the image does not say its region, the machine is in eu-west",
    );
    image.status = Some(Status::Disabled);
    check(3, &Machine::new().fit(&image), Verdict::No, "the image is disabled");
}

#[test]
fn the_nearest_come_first() {
    let dated = |id: &str, driver: &str, cuda: &str, created: &str| {
        let mut image = image("a", "x86_64", driver, cuda);
        image.id = id.into();
        image.created = created.parse().ok();
        image
    };
    let mut arm = dated("arm", "580", "13.0", "");
    arm.architecture = Some(Architecture::Aarch64);
    let images = [
        arm,
        dated("r535", "535", "13.0", "2026-06-01T00:00:00Z"),
        dated("undated", "580", "13.0", ""),
        dated("no driver", "", "13.0", "2026-06-01T00:00:00Z"),
        dated("r570", "570", "13.0", "2025-06-01T00:00:00Z"),
        dated("old", "580", "13.0", "2026-01-01T00:00:00Z"),
        dated("new", "580", "13.0", "2026-02-01T00:00:00Z"),
    ];
    let ranked = machine("A100").arch(Architecture::X86_64).rank(images);
    let ids: Vec<_> = ranked.iter().map(|(image, _)| image.id.as_str()).collect();
    assert_eq!(ids, ["new", "old", "undated", "no driver", "r570", "r535", "arm"]);
    let (_, nearest) = &ranked[4];
    assert_eq!(reasons(nearest), ["R570 is older than the 580 that CUDA 13 needs"]);
    assert_eq!(ranked[6].1.reasons().next().unwrap().subject(), Subject::Architecture);
}

#[test]
fn an_answer_is_written_as_json() {
    let fit = machine("H200").fit(&image("a", "x86_64", "550", ""));
    let written = serde_json::to_value(&fit).unwrap();
    assert_eq!(written["reasons"][0]["subject"], "driver");
    assert_eq!(written["reasons"][0]["verdict"], "unknown");
    let needed = written["reasons"][0]["needed"].as_str().unwrap();
    assert_eq!(needed, "the full version of the driver: 550.90.07 or later of R550 runs the H200");
}

#[test]
fn hostile_names_are_answered_quickly_and_cleanly() {
    let long = "open nvidia 1 ".repeat(10_000);
    let fit = machine(&"*#\u{202e}\n".repeat(50_000)).fit(&image(&long, "", "", ""));
    assert_eq!(fit.verdict(), Verdict::Unknown);
    let said = fit.to_string();
    assert!(said.len() < 2_000 && !said.contains(['\n', '\u{202e}']), "{said}");
}
