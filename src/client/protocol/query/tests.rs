use super::*;
use serde_json::json;

#[test]
fn names_are_dotted_and_numbered() {
    let body = json!({
        "Owner": ["self", "099720109477"],
        "Filter": [
            { "Name": "name", "Value": ["app-0009*", "a b+c/é"] },
            { "Name": "state", "Value": [] },
        ],
        "LaunchPermission": { "Add": [{ "UserId": "1" }, { "Group": "all" }], "Remove": [] },
        "Description": { "Value": "" },
        "MaxResults": 1000,
        "DryRun": true,
        "NextToken": null,
        "ImageId": [],
    });
    let mut pairs: Vec<_> = pairs(&body).unwrap().split('&').skip(1).map(str::to_owned).collect();
    pairs.sort();
    assert_eq!(
        pairs,
        [
            "Description.Value=",
            "DryRun=true",
            "Filter.1.Name=name",
            "Filter.1.Value.1=app-0009%2A",
            "Filter.1.Value.2=a%20b%2Bc%2F%C3%A9",
            "Filter.2.Name=state",
            "LaunchPermission.Add.1.UserId=1",
            "LaunchPermission.Add.2.Group=all",
            "MaxResults=1000",
            "Owner.1=self",
            "Owner.2=099720109477",
        ]
    );
}

#[test]
fn times_and_variants_are_texts() {
    #[derive(serde::Serialize)]
    enum State {
        Available,
    }
    #[derive(serde::Serialize)]
    struct Body {
        at: chrono::DateTime<chrono::Utc>,
        state: State,
    }
    let at = "2027-01-01T00:00:31Z".parse().unwrap();
    let written = pairs(&Body { at, state: State::Available }).unwrap();
    assert_eq!(written, "&at=2027-01-01T00%3A00%3A31Z&state=Available");
}

#[test]
fn what_has_no_name_is_no_form() {
    assert!(pairs(&"text").is_err());
    assert_eq!(pairs(&json!({})).unwrap(), "");
}
