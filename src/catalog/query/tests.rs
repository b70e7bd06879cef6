use super::{Context, Query};
use crate::catalog::{
    Architecture, Hints, Image, Publisher, Status, Support, Version, Visibility, publishers,
};
use proptest::prelude::*;

fn query(text: &str) -> Query {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn jammy() -> Image {
    let name = "Ubuntu Server 22.04.3 LTS x86_64 R550 CUDA 12.4 with Docker";
    let mut image = Image::new("gpu", "aws", "ami-1", name).read(&Hints::default());
    image.region = Some("eu-west-1".into());
    image.owner = Some("099720109477".into());
    image.status = Some(Status::Available);
    image.visibility = Some(Visibility::Public);
    image.created = Some("2026-03-01T12:00:00Z".parse().unwrap());
    image
}

#[test]
fn every_kind_of_term_holds_or_not() {
    let image = jammy();
    for text in [
        "",
        "ubuntu",
        "Ubuntu>=22.04",
        "ubuntu=22.04",
        "ubuntu<24.04",
        "os=debian,ubuntu",
        "os!=debian",
        "version<=22.04",
        "version=20.04,22.04",
        "version!=20.04",
        "codename=jammy",
        "edition=server",
        "lts=true",
        "arch=amd64",
        "driver>=R550",
        "driver=550",
        "cuda>=12",
        "cuda>12.3",
        "with=docker with=lts",
        "with!=rocm",
        "region=eu-*",
        "region=us-*,eu-west-?",
        "provider=aws source=gpu id=ami-1",
        "name=\"Ubuntu Server*\"",
        "name~\"22\\\\.04\\\\.[0-9]\"",
        r"name~^Ubuntu\sServer",
        "owner=099720109477",
        "from=canonical",
        "from=debian,canonical",
        "from=otc/4f1a,aws/099720109477",
        "status=available visibility=public",
        "created>=2026-03-01 created<2026-03-02",
        "created>=2026-03-01T12:00:00Z",
    ] {
        assert!(query(text).matches(&image), "{text}: {:?}", query(text).misses(&image));
    }
    for text in [
        "debian",
        "ubuntu>=24.04",
        "ubuntu>22.04",
        "version=22.04.1",
        "arch!=x86_64",
        "cuda>=12.6",
        "parallelcluster>=3",
        "parallelcluster!=3",
        "with=rocm",
        "region=us-*",
        "name~^Server",
        "name=Ubuntu",
        "owner=1",
        "from=debian",
        "from=otc/099720109477",
        "created<2026-03-01",
        "status!=available",
    ] {
        assert!(!query(text).matches(&image), "{text}");
    }
}

#[test]
fn what_is_unknown_fits_nothing() {
    let image = Image::new("a", "b", "c", "golden");
    for text in [
        "os=debian",
        "os!=debian",
        "version<99",
        "arch!=arm64",
        "status!=failed",
        "created>=1970-01-01",
        "from=this-project",
    ] {
        assert!(!query(text).matches(&image), "{text}");
    }
    let coarse = Image::new("a", "b", "c", "Rocky-9").read(&Hints::default());
    assert!(query("rocky>=9 version>8.10 version<10").matches(&coarse));
    let misses: Vec<_> =
        query("rocky>=9.2 version!=9.4").misses(&coarse).iter().map(ToString::to_string).collect();
    assert_eq!(misses, ["version>=9.2, the image has 9", "version!=9.4, the image has 9"]);
}

#[test]
fn support_is_asked_for_on_a_day() {
    let image =
        Image::new("a", "aws", "c", "ubuntu-jammy-22.04-amd64-server").read(&Hints::default());
    let on = |day: &str| Context {
        day: day.parse().unwrap(),
        support: Support::bundled(),
        account: None,
    };
    assert!(query("supported_for=180d").matches_in(&image, &on("2026-06-01")));
    let misses = query("supported_for=1y").misses_in(&image, &on("2026-06-01"));
    assert!(
        misses[0].to_string().starts_with("supported_for=365d, the image has"),
        "{}",
        misses[0]
    );
    assert!(misses[0].to_string().contains("2027-06-01"), "{}", misses[0]);
}

#[test]
fn this_project_is_the_account_of_the_source() {
    let account = |account| Context { account, ..Context::default() };
    assert!(query("from=this-project").matches_in(&jammy(), &account(Some("099720109477"))));
    assert!(!query("from=this-project").matches_in(&jammy(), &account(None)));
}

#[test]
fn an_error_points_at_its_place() {
    for (text, expected) in [
        (
            "ubuntu arhc=x86_64",
            "column 8, `arhc=x86_64`: no field or distribution has this name; did you mean `arch`?",
        ),
        (
            "ubunut>=22.04",
            "column 1, `ubunut>=22.04`: no field or distribution has this name; did you mean `ubuntu`?",
        ),
        ("colour=red", "column 1, `colour=red`: no field or distribution has this name"),
        (
            "ubuntu cuda",
            "column 8, `cuda`: the field `cuda` needs an operator and a value: write one of `=` `!=` `>=` `>` `<=` `<`",
        ),
        ("region>eu", "column 7, `>eu`: region does not take `>`: use `=` `!=`"),
        ("cuda>=twelve!", "column 7: `twelve!` is not a version"),
        ("arch=x86", "column 6: `x86` is not an architecture"),
        ("arch=arm64,,x64", "column 12, `,x64`: a value of arch is missing"),
        ("é ubuntu", "column 1, `é`: no field or distribution has this name"),
        ("name=\"a", "column 6, `\"a`: the quote is not closed"),
        ("name=\"a\"b", "column 9, `b`: a value in quotes must be followed by a space"),
        ("name=\"\\x\"", "column 7, `\\x\"`: in quotes"),
        ("name~(", "column 6, `(`: not a regular expression"),
        ("from=canonicle", "column 6: `canonicle` is not a publisher"),
        ("created>=yesterday", "column 10, `yesterday`: not a date"),
        ("supported_for=180", "column 15, `180`: not a time"),
        ("supported_for=99999999999y", "column 15, `99999999999y`: not a time"),
        ("supported_for=é", "column 15, `é`: not a time"),
        ("lts=perhaps", "column 5, `perhaps`: use true or false"),
        (">=22.04", "column 1, `>=22.04`: a field or a distribution must come before the operator"),
        ("ubuntu!", "column 7, `!`: `!` is not an operator: write `!=` and a value"),
        ("region=", "column 8: a value of region is missing"),
    ] {
        let message = text.parse::<Query>().unwrap_err().to_string();
        let expected = format!("the query is wrong at {expected}");
        assert!(message.starts_with(&expected), "{text}\n  {message}\n  {expected}");
        assert_eq!(message.lines().count(), 1);
    }
}

#[test]
fn a_hostile_query_is_refused_in_one_clean_line() {
    let long = format!("name={}", "x".repeat(10_000));
    let message = long.parse::<Query>().unwrap_err().to_string();
    assert_eq!(message, "the query has 10005 bytes, but may have at most 4096");
    let hidden = format!("\u{202e}\u{1b}[31m{}=1", "y".repeat(500));
    let message = hidden.parse::<Query>().unwrap_err().to_string();
    assert!(
        message.chars().count() < 200 && !message.contains(['\u{202e}', '\u{1b}']),
        "{message:?}"
    );
    let nested = format!("name~{}a{}", "(".repeat(400), ")".repeat(400));
    assert!(nested.parse::<Query>().is_err());
    assert!("name~(((a{100}){100}){100})".parse::<Query>().is_err());
}

#[test]
fn a_built_query_is_a_parsed_one() {
    let built = Query::new()
        .distribution("ubuntu".parse().unwrap())
        .version_at_least("22.04".parse().unwrap())
        .architecture(Architecture::Aarch64)
        .cuda_at_least("12".parse().unwrap())
        .region("eu-*")
        .status(Status::Available)
        .from(publishers::CANONICAL)
        .supported_for(180);
    let parsed = query(
        "ubuntu>=22.04 arch=arm64 cuda>=12 region=eu-* status=available from=canonical supported_for=180d",
    );
    assert_eq!(built, parsed);
    assert_eq!(query(&built.to_string()), parsed);
}

#[test]
fn a_publisher_of_ones_own_reads_back() {
    let ours =
        Publisher::new("canonical").account("aws", "099720109477").account("my, cloud", "a/b");
    let built = Query::new().from(ours).from(publishers::CANONICAL.account("otc", "4f1a"));
    let text = built.to_string();
    let parsed = query(&text);
    assert_eq!(parsed, built);
    assert_eq!(parsed.to_string(), text);
    assert!(
        text.starts_with("from=aws/099720109477,\"my, cloud/a/b\" from=aws/099720109477,"),
        "{text}"
    );
    let mut image = jammy();
    assert!(parsed.matches(&image));
    (image.provider, image.owner) = ("otc".into(), Some("4f1a".into()));
    assert!(!parsed.matches(&image) && parsed.misses(&image).len() == 1);
}

#[test]
fn a_source_sees_what_it_can_ask_for() {
    let query = query("region=eu-west-1,eu-central-1 owner=4* status=available");
    assert_eq!(query.exact(super::Field::Region).unwrap(), ["eu-west-1", "eu-central-1"]);
    assert_eq!(query.exact(super::Field::Owner), None);
    assert!(!query.needs_reading());
    assert!(super::Query::new().version("9".parse::<Version>().unwrap()).needs_reading());
}

/// Terms of every kind, with values that need quotes among them.
fn term() -> impl Strategy<Value = String> {
    let word = "[a-z0-9*?]{1,6}";
    let version = "[0-9]{1,2}(\\.[0-9]{1,2}){0,2}";
    let compare = prop::sample::select(vec!["=", "!=", ">=", ">", "<=", "<"]);
    prop_oneof![
        prop::sample::select(vec![
            "ubuntu",
            "debian",
            "rocky-linux",
            "windows-server",
            "ubuntu>=20.04"
        ])
        .prop_map(str::to_owned),
        (prop::sample::select(vec!["version", "cuda", "driver", "pcluster"]), compare, version)
            .prop_map(|(field, operator, version)| format!("{field}{operator}{version}")),
        (
            prop::sample::select(vec!["region", "owner", "id", "provider", "with", "codename"]),
            prop::collection::vec(word, 1..4)
        )
            .prop_map(|(field, words)| format!("{field}={}", words.join(","))),
        "[a-zA-Z \",\\\\*?é]{1,8}".prop_map(|text| {
            format!("name=\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        }),
        prop::sample::select(vec![
            "arch=arm64",
            "arch!=x64,i386",
            "status=available",
            "visibility!=private",
            "lts=true",
            "from=canonical",
            "from=debian,aws/099720109477",
            "created>=2026-01-01",
            "created<2026-06-01T00:00:00.5Z",
            "supported_for=30d",
            r"name~^[a-z]+\s?22",
        ])
        .prop_map(str::to_owned),
    ]
}

fn image() -> impl Strategy<Value = Image> {
    let names = vec![
        "ubuntu-jammy-22.04-amd64-server",
        "Debian 12",
        "Rocky-9-EC2-Base-9.3.x86_64",
        "golden",
        "Windows Server 2022",
        "Ubuntu 20.04 R535 CUDA 12.2 with Docker",
    ];
    let region = prop::option::of(prop::sample::select(vec!["eu-west-1", "us-east-1", "a"]));
    (prop::sample::select(names), region, any::<bool>(), 0i64..400).prop_map(
        |(name, region, known, day)| {
            let mut image = Image::new("s", "aws", "i", name).read(&Hints::default());
            image.region = region.map(Into::into);
            if known {
                image.owner = Some("099720109477".into());
                image.status = Some(Status::Available);
                image.visibility = Some(Visibility::Public);
                let start: chrono::DateTime<chrono::Utc> = "2025-12-01T00:00:00Z".parse().unwrap();
                image.created = start.checked_add_signed(chrono::TimeDelta::days(day));
            }
            image
        },
    )
}

proptest! {
    #[test]
    fn a_query_reads_back_as_it_is_written(terms in prop::collection::vec(term(), 0..6)) {
        let parsed = query(&terms.join(" "));
        prop_assert_eq!(query(&parsed.to_string()), parsed);
    }

    #[test]
    fn any_split_gives_the_same(terms in prop::collection::vec(term(), 0..6), image in image(), mask in any::<u8>()) {
        let whole = query(&terms.join("\t"));
        let mut place = 0;
        let (checked, rest) = whole.clone().split(|_| {
            place += 1;
            mask >> (place % 8) & 1 == 1
        });
        prop_assert_eq!(whole.matches(&image), checked.matches(&image) && rest.matches(&image));
        prop_assert_eq!(whole.matches(&image), whole.misses(&image).is_empty());
    }

    #[test]
    fn no_text_breaks_the_parser(text in "\\PC{0,40}|[a-z=<>!~,\" \\\\]{0,30}") {
        let _ = text.parse::<Query>();
    }
}
