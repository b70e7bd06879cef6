use super::{End, Phase, Support, driver_branches};
use crate::catalog::Image;
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    day("2026-11-25")
}

fn system(distribution: &str, version: &str) -> Option<String> {
    let support = Support::bundled();
    let cycle = support.system(&distribution.parse().unwrap(), &version.parse().unwrap())?;
    Some(format!("{} {}", cycle.product(), cycle.name()))
}

#[test]
fn the_bundled_tables_are_whole() {
    Support::parse(include_str!("../../../data/lifecycle.tsv")).unwrap();
    Support::parse(driver_branches()).unwrap();
    assert_eq!(Support::bundled().as_of(), day("2026-11-25"));
}

#[test]
fn a_version_belongs_to_the_release_that_is_certain() {
    for (distribution, version, found) in [
        ("ubuntu", "22.04", "ubuntu 22.04"),
        ("ubuntu", "16.04.6", "ubuntu 16.04"),
        ("rocky", "9.3", "rocky-linux 9"),
        ("rhel", "8", "rhel 8"),
        ("amzn", "2023", "amazon-linux 2023"),
        ("amzn", "2018.03.0", "amazon-linux 2018.03"),
        ("sles", "15.5", "sles 15.5"),
        ("freebsd", "14.0", "freebsd 14.0"),
        ("cos", "113", "cos cos-113"),
        ("windows-server", "2012 R2", "windows-server 2012-r2"),
        ("windows-server", "2008 R2 SP1", "windows-server 2008-r2-sp1"),
    ] {
        assert_eq!(
            system(distribution, version).as_deref(),
            Some(found),
            "{distribution} {version}"
        );
    }
}

#[test]
fn a_version_that_may_be_of_several_releases_has_no_life_cycle() {
    for (distribution, version) in [
        ("sles", "15"),
        ("ubuntu", "22"),
        ("freebsd", "14"),
        ("freebsd", "14.9"),
        ("windows-server", "2008 R2"),
        ("windows", "11"),
        ("amzn", "2022"),
        ("centos", "9"),
        ("hce", "2.0"),
    ] {
        assert_eq!(system(distribution, version), None, "{distribution} {version}");
    }
}

#[test]
fn standard_and_extended_support_are_apart() {
    let support = Support::bundled();
    let focal = support.system(&"ubuntu".parse().unwrap(), &"20.04".parse().unwrap()).unwrap();
    let standing = focal.at(today());
    assert_eq!(standing.phase, Phase::Extended);
    assert_eq!(standing.days_left, Some(-543));
    assert_eq!(standing.extended_days_left, Some(1224));
    assert_eq!(focal.at(day("2025-05-31")).phase, Phase::Standard);
    assert_eq!(focal.at(day("2025-06-01")).phase, Phase::Extended);
    assert_eq!(focal.at(day("2031-01-01")).phase, Phase::Ended);
    assert_eq!(support.successor(focal, today()).unwrap().name(), "22.04");
    assert_eq!(support.successor(focal, day("2027-05-01")).unwrap().name(), "24.04");
}

#[test]
fn every_driver_branch_of_the_seeds_has_ended() {
    for (branch, end) in [("535", "June 2026"), ("550", "ended"), ("535.104.05", "June 2026")] {
        let mut image = Image::new("gpu", "nebula-block", "1", "Ubuntu");
        image.driver = Some(branch.parse().unwrap());
        let lifecycle = image.lifecycle(Support::bundled());
        let cycle = lifecycle.driver().unwrap();
        assert_eq!(cycle.at(today()).phase, Phase::Ended, "{branch}");
        assert_eq!(cycle.end_of_support().unwrap().to_string(), end);
        assert_eq!(lifecycle.driver_successor(today()).unwrap().name(), "R580");
        assert_eq!(lifecycle.is_supported(today()), Some(false));
    }
}

#[test]
fn nvidia_has_the_last_word_on_its_branches() {
    let end = |version: &str, windows| {
        let branch = Support::bundled().driver(&version.parse().unwrap(), windows);
        branch.and_then(|branch| branch.end_of_support()).map(|end| end.to_string())
    };
    // endoflife.date: 2028-08-04 and 2027-08-03.
    assert_eq!(end("580", false).as_deref(), Some("June 2028"));
    assert_eq!(end("610.43.02", false).as_deref(), Some("August 2026"));
    assert_eq!(end("580", true).as_deref(), Some("2028-08-04"));
    assert_eq!(end("615", false), None);
    assert_eq!(end("9999", false), None);
}

#[test]
fn an_end_without_a_day_is_known_before_and_after_its_month() {
    let june = End::read("2026-06", today()).unwrap();
    assert_eq!(june.has_passed(day("2026-05-31")), Some(false));
    assert_eq!(june.has_passed(day("2026-06-15")), None);
    assert_eq!(june.has_passed(day("2026-07-01")), Some(true));
    assert_eq!(june.days_left(day("2026-05-31")), Some(1));
    let ended = End::read("ended", today()).unwrap();
    assert_eq!(ended.has_passed(today()), Some(true));
    assert_eq!(ended.has_passed(day("2020-01-01")), None);
    let open = End::read("no", today()).unwrap();
    assert_eq!(open.has_passed(today()), Some(false));
    assert_eq!(open.has_passed(day("2027-01-01")), None);
}

#[test]
fn support_is_known_only_if_all_of_it_is() {
    let mut image = Image::new("gpu", "nebula-block", "1", "Ubuntu 24.04 R615");
    image.distribution = Some("ubuntu".parse().unwrap());
    image.version = Some("24.04".parse().unwrap());
    assert_eq!(image.lifecycle(Support::bundled()).is_supported(today()), Some(true));
    image.driver = Some("615".parse().unwrap());
    assert_eq!(image.lifecycle(Support::bundled()).is_supported(today()), None);
    image.version = None;
    image.driver = Some("580".parse().unwrap());
    assert_eq!(image.lifecycle(Support::bundled()).is_supported(today()), None);
}

#[test]
fn a_newer_table_is_read_at_run_time() {
    let newer = "# as of 2027-01-01; source: endoflife.date (MIT)\n\
                 product\tcycle\tend_of_support\tnew_column\n\
                 ubuntu\t27.04\t2028-01\tx\n\
                 nvidia-driver\tr535-linux\t2030-01-01\tx\n\
                 nvidia-driver\tr700-linux\t2030-01-01\tx\n\
                 hce\t2.0\tno\tx\n";
    let support =
        Support::bundled().clone().updated_by(Support::from_reader(newer.as_bytes()).unwrap());
    assert_eq!(support.as_of(), day("2027-01-01"));
    let end = |branch: &str| {
        support
            .driver(&branch.parse().unwrap(), false)
            .unwrap()
            .end_of_support()
            .unwrap()
            .to_string()
    };
    assert_eq!((end("535"), end("700")), ("June 2026".to_owned(), "2030-01-01".to_owned()));
    let hce = support.system(&"hce".parse().unwrap(), &"2.0".parse().unwrap()).unwrap();
    assert_eq!(hce.at(today()).phase, Phase::Standard);
    assert!(support.system(&"ubuntu".parse().unwrap(), &"22.04".parse().unwrap()).is_some());
}

#[test]
fn a_table_that_cannot_be_read_says_where() {
    let table = "# as of 2027-01-01\nproduct\tcycle\tend_of_support\nubuntu\t27.04\t2028-13-01\n";
    let error = Support::parse(table).unwrap_err();
    assert_eq!(
        error.message(),
        "line 3, column 14 of the table: `2028-13-01` in column `end_of_support` is not YYYY-MM-DD, YYYY-MM, yes or no"
    );
    assert!(
        Support::from_reader(&b"\xff\xfe"[..]).unwrap_err().message().contains("cannot be read")
    );
    let endless = std::io::repeat(b'#');
    assert!(Support::from_reader(endless).unwrap_err().message().contains("larger than 4 MiB"));
}
