use super::{Hints, Reading};
use crate::catalog::Architecture;

/// Distribution, version and architecture, as a row.
fn row(reading: &Reading) -> String {
    let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let distribution = text(reading.distribution.as_ref().map(ToString::to_string));
    let version = text(reading.version.as_ref().map(ToString::to_string));
    let architecture = text(reading.architecture.map(|architecture| architecture.to_string()));
    format!("{distribution} {version} {architecture}")
}

#[test]
fn a_number_of_something_else_is_no_version() {
    for (name, expected) in [
        ("Deep Learning AMI Amazon Linux - 3.3_Oct2017", "amzn - -"),
        ("amazon-eks-node-1.29-v20240415", "- - -"),
        ("RHEL-7.4_HVM_GA-20170808-x86_64-2-Hourly2-GP2", "rhel 7.4 x86_64"),
        ("sql-2016-standard-windows-2012-r2-dc-v20180313", "windows-server 2012 R2 -"),
        ("debian-with-php-8", "debian - -"),
        ("ubuntu-docker-20.10", "ubuntu - -"),
        ("Debian 20 GB", "debian - -"),
        ("Ubuntu 99.04", "ubuntu - -"),
        ("centos-v20240101", "centos - -"),
        ("gpu-h100x64-ubuntu", "ubuntu - -"),
        // Amazon's images of macOS begin like those of its Linux.
        ("amzn-ec2-macos-14.4.1-20240411-184512-arm64", "macos 14.4.1 aarch64"),
    ] {
        assert_eq!(row(&Reading::of(name)), expected, "{name}");
    }
}

#[test]
fn a_date_with_dashes_is_no_version() {
    for (name, expected) in [
        ("ubuntu-golden-2024-08-22", "ubuntu - -"),
        ("ubuntu-image-2024-10-04", "ubuntu - -"),
        ("ubuntu-image-2024-10-05", "ubuntu - -"),
        ("ubuntu_image_2024_10_04", "ubuntu - -"),
        ("ubuntu-image-2024-1004", "ubuntu - -"),
        ("ubuntu-golden-2024-10", "ubuntu - -"),
        ("ubuntu-2024-08-22", "ubuntu - -"),
        ("ubuntu-golden-2024-08-22-22-04-10", "ubuntu - -"),
        ("kali-rolling-2024-03-15", "kali - -"),
        ("kali-rolling-2024-03", "kali - -"),
        ("gardenlinux-base-2024-08-22", "gardenlinux - -"),
        ("flatcar-base-2024-08-22", "flatcar - -"),
        ("windows-base-2025-01-10", "- - -"),
        ("windows-base-2025-01-10-11", "- - -"),
        ("windows-server-base-2025-01-10", "windows-server - -"),
        ("amazon-linux-base-2023-08-15", "amzn - -"),
        ("debian-2024-08-22-12", "debian - -"),
        // The version beside a date.
        ("ubuntu-22-04-2024-08-22", "ubuntu 22.04 -"),
        ("ubuntu-22.04-golden-2024-10-04", "ubuntu 22.04 -"),
        ("ubuntu-golden-2024-10-04-22.04", "ubuntu 22.04 -"),
        ("ubuntu-2004-10-12", "ubuntu 20.04 -"),
        ("debian-12-2024-08-22", "debian 12 -"),
        ("amazon-linux-2-2023-08-15", "amzn 2 -"),
        ("windows-2022-base-2025-01-10", "windows-server 2022 -"),
        // Versions in the form of a date, or glued to the name.
        ("kali-2024-1", "kali 2024.1 -"),
        ("kali-linux-2024.1", "kali 2024.1 -"),
        ("amazon-linux-2018-03", "amzn 2018.03 -"),
        ("al2023-08-15", "amzn 2023 -"),
        ("win2022-08-15", "windows-server 2022 -"),
    ] {
        assert_eq!(row(&Reading::of(name)), expected, "{name}");
    }
}

#[test]
fn half_a_version_is_one_only_right_behind_the_name() {
    for (name, expected) in [
        ("ubuntu-22", "ubuntu 22 -"),
        ("Featured-Ubuntu22", "ubuntu 22 -"),
        ("ubuntu-server-22", "ubuntu 22 -"),
        ("ubuntu-node-18", "ubuntu - -"),
        ("ubuntu-node-18.04", "ubuntu 18.04 -"),
        ("ubuntu-docker-20.10-18", "ubuntu - -"),
        ("ubuntu-golden-3-18", "ubuntu - -"),
        ("debian-node-12", "debian - -"),
        ("debian-node-12.5", "debian 12.5 -"),
    ] {
        assert_eq!(row(&Reading::of(name)), expected, "{name}");
    }
}

#[test]
fn contradictions_are_not_decided() {
    for (name, expected) in [
        ("Ubuntu 22.04 and Debian 12", "- - -"),
        ("ubuntu-focal-22.04-amd64", "ubuntu - x86_64"),
        ("Ubuntu 22.04 arm64 and amd64", "ubuntu 22.04 -"),
        ("Windows Server 2016 and Windows Server 2019", "windows-server - -"),
        ("Fedora with CUDA 11.8 and CUDA 12.4", "fedora - -"),
        ("Windows", "- - -"),
        ("alinux2-custom", "- - -"),
    ] {
        assert_eq!(row(&Reading::of(name)), expected, "{name}");
    }
    assert_eq!(Reading::of("Fedora with CUDA 11.8 and CUDA 12.4").cuda, None);
    assert_eq!(Reading::of("R550 CUDA 12 (CUDA 12.4)").cuda, Some("12.4".parse().unwrap()));
}

#[test]
fn an_extra_is_what_the_name_says() {
    let extras = |name| Reading::of(name).extras;
    assert_eq!(extras("ubuntu-24.04-cuda-12.8-open-docker"), ["open", "docker"]);
    assert_eq!(extras("an open image"), [""; 0]);
    assert_eq!(
        extras("amazon-eks-node-al2023-arm64-nvidia-1.33-v20250519"),
        ["kubernetes=1.33", "nvidia"]
    );
    assert_eq!(
        extras("Deep Learning AMI GPU PyTorch 2.0.1 (Ubuntu 20.04)"),
        ["gpu", "pytorch=2.0.1"]
    );
    assert_eq!(
        Reading::of("Windows_Server-2016-English-Full-SQL_2016_SP1_Standard-2017.10.13").edition,
        None
    );
    assert_eq!(
        Reading::of("Windows Server 2019 Datacenter").edition.as_deref(),
        Some("datacenter")
    );
}

#[test]
fn fields_complete_a_name_and_do_not_overrule_it() {
    let hints = |distribution, version| Hints { distribution, version, ..Hints::default() };
    for (name, hints, expected) in [
        ("golden", hints(Some("ubuntu"), Some("22.04")), "ubuntu 22.04 -"),
        ("golden", hints(Some("Rocky Linux"), None), "rocky - -"),
        ("Rocky-9", hints(Some("rocky"), Some("9.3")), "rocky 9.3 -"),
        ("Rocky-9", hints(Some("rocky"), Some("8.9")), "rocky 9 -"),
        ("AlmaLinux 8", hints(Some("centos"), Some("8.4")), "almalinux 8 -"),
        ("Garden Linux 1443.3", hints(Some("debian"), Some("12")), "gardenlinux 1443.3 -"),
        ("Server 22.04 LTS R535", hints(Some("Ubuntu"), None), "ubuntu 22.04 -"),
        ("golden", hints(Some("no such system"), Some("1")), "- - -"),
        ("golden", hints(None, Some("22.04")), "- - -"),
        ("golden", hints(Some("ubuntu"), Some("1.29")), "ubuntu - -"),
    ] {
        assert_eq!(row(&Reading::with(name, &hints)), expected, "{name} {hints:?}");
    }
}

#[test]
fn a_number_of_a_name_without_a_system_does_not_overrule_the_fields() {
    let field = |distribution, version| Hints { distribution, version, ..Hints::default() };
    let described = |text| Hints { description: Some(text), ..Hints::default() };
    for (name, hints, expected) in [
        ("gpu-golden-2024-08-20", described("Ubuntu 22.04 server 64bit"), "ubuntu 22.04 x86_64"),
        ("nightly 2024-10-15", field(Some("ubuntu"), Some("20.04")), "ubuntu 20.04 -"),
        ("web-11", described("Debian GNU/Linux 12.0.0 64bit"), "debian 12.0.0 x86_64"),
        ("web-11", field(Some("debian"), Some("12")), "debian 12 -"),
        ("web-12.5", field(Some("debian"), Some("12")), "debian 12.5 -"),
        ("Server 20.04", field(Some("ubuntu"), Some("22.04")), "ubuntu 22.04 -"),
        (
            "backup-server-2019",
            field(Some("windows-server"), Some("2022")),
            "windows-server 2022 -",
        ),
        // Without a version of the fields, a number serves where it can be nothing else.
        ("web-11", field(Some("debian"), None), "debian - -"),
        ("web-18", field(Some("ubuntu"), None), "ubuntu - -"),
        ("nightly 2024-10-15", field(Some("ubuntu"), None), "ubuntu - -"),
        ("12 x64", field(Some("Debian"), None), "debian 12 x86_64"),
        ("22.04 (LTS) x64", field(Some("Ubuntu"), None), "ubuntu 22.04 x86_64"),
        ("web-22.04", field(Some("Ubuntu"), None), "ubuntu 22.04 -"),
    ] {
        assert_eq!(row(&Reading::with(name, &hints)), expected, "{name} {hints:?}");
    }
    let hints = described("Ubuntu 22.04 server 64bit");
    let reading = Reading::with("gpu-golden-2024-08-20", &hints);
    assert_eq!(reading.codename.as_deref(), Some("jammy"));
}

#[test]
fn the_word_windows_of_a_field_does_not_say_which_windows_it_is() {
    let server = "Microsoft Windows Server 2022 Datacenter";
    for (version, description, expected) in [
        (None, None, "- - -"),
        (Some("2022"), None, "windows-server 2022 -"),
        (Some("11"), None, "windows 11 -"),
        (None, Some(server), "windows-server 2022 -"),
        (Some("2022"), Some(server), "windows-server 2022 -"),
        (Some("11"), Some(server), "- - -"),
        (None, Some("Ubuntu 22.04"), "- - -"),
    ] {
        let hints =
            Hints { distribution: Some("windows"), version, description, ..Hints::default() };
        assert_eq!(row(&Reading::with("golden", &hints)), expected, "{hints:?}");
    }
    let hints = Hints { distribution: Some("windows"), ..Hints::default() };
    let reading = Reading::with("Windows_Server-2019-English-Full-Base", &hints);
    assert_eq!(row(&reading), "windows-server 2019 -");
}

#[test]
fn a_description_is_read_like_a_name() {
    let described = |text| Hints { description: Some(text), ..Hints::default() };
    assert_eq!(
        row(&Reading::with("golden", &described("Ubuntu 20.04 server 64bit"))),
        "ubuntu 20.04 x86_64"
    );
    assert_eq!(
        row(&Reading::with("Debian-arm64", &described("Debian 12 64bit"))),
        "debian 12 aarch64"
    );
    let torn = Hints { distribution: Some("debian"), ..described("Ubuntu 20.04 server") };
    assert_eq!(row(&Reading::with("golden", &torn)), "- - -");
}

#[test]
fn a_field_knows_more_of_the_architecture_than_64bit() {
    let hints = Hints { architecture: Some("aarch64"), ..Hints::default() };
    assert_eq!(Reading::with("CentOS 7.6 64bit", &hints).architecture, Some(Architecture::Aarch64));
    assert_eq!(Reading::with("CentOS 7.6 x86_64", &hints).architecture, Some(Architecture::X86_64));
    assert_eq!(Reading::of("CentOS 7.6 64bit with ARM").architecture, Some(Architecture::Aarch64));
    assert_eq!(Reading::of("CentOS 7.6 x86").architecture, None);
}

#[test]
fn a_hostile_name_is_read_without_harm() {
    let repeated = [
        "ubuntu",
        "22.04",
        "-1",
        "r",
        "windows ",
        "cuda 12 ",
        "a1",
        "é",
        "\u{0}\u{202e}",
        "centos 8 stream ",
    ];
    for part in repeated {
        let name = part.repeat(100_000 / part.len());
        let reading = Reading::of(&name);
        assert!(reading.extras.len() < 10, "{part}");
        assert!(reading.version.is_none_or(|version| version.as_str().len() < 20), "{part}");
    }
    assert_eq!(
        row(&Reading::of("\u{202e}ubuntu\u{200b}-22.04\n\u{1b}[31m-arm64")),
        "ubuntu 22.04 aarch64"
    );
}
