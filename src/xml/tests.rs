use super::*;
use crate::types::Lenient;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// An image as the pipeline writes it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Image {
    id: String,
    description: Option<String>,
    public: Option<bool>,
    size: Option<i64>,
    created: Option<DateTime<Utc>>,
    tags: Vec<Tag>,
    reason: Option<Reason>,
    unreadable: crate::types::Unreadable,
}
crate::types::closed_record! { Image {
    0 "imageId" id required field String,
    1 "description" description optional field String,
    2 "isPublic" public optional field bool,
    3 "size" size optional field i64,
    4 "created" created optional field DateTime<Utc>,
    5 "tagSet" tags list field Vec<Tag>,
    6 "stateReason" reason optional field Reason,
} }

#[derive(Clone, Debug, Default, PartialEq)]
struct Tag {
    key: String,
    value: Option<String>,
    unreadable: crate::types::Unreadable,
}
crate::types::closed_record! { Tag {
    0 "key" key required field String,
    1 "value" value optional field String,
} }

#[derive(Clone, Debug, Default, PartialEq)]
struct Reason {
    code: Option<String>,
    unreadable: crate::types::Unreadable,
}
crate::types::closed_record! { Reason { 0 "code" code optional field String, } }

#[derive(Clone, Debug, Default, PartialEq)]
struct Page {
    images: Vec<Image>,
    token: Option<String>,
    unreadable: crate::types::Unreadable,
}
crate::types::closed_record! { Page {
    0 "imagesSet" images required_list field Vec<Image>,
    1 "nextToken" token optional field String,
} }

fn from_str<T: DeserializeOwned>(text: &str, is_root: impl Fn(&str) -> bool) -> Result<T, Error> {
    read(text, is_root, PhantomData)
}

fn page(inner: &str) -> Result<Page, Error> {
    let text = format!(
        "<?xml version=\"1.0\"?>\n<ListResponse xmlns=\"http://x/\">{inner}</ListResponse>\n"
    );
    from_str(&text, |root| root == "ListResponse")
}

fn image(inner: &str) -> Image {
    let text = format!("<imagesSet><item><imageId>ami-1</imageId>{inner}</item></imagesSet>");
    page(&text).unwrap().images.remove(0)
}

#[test]
fn a_page_is_read_with_any_spaces_prefixes_attributes_and_item_names() {
    let flat = "<requestId>r</requestId><imagesSet><item><imageId>ami-1</imageId><tagSet><item><key>a</key>\
                <value>b</value></item></tagSet></item><item><imageId>ami-2</imageId></item></imagesSet>\
                <nextToken>k+u=</nextToken>";
    let spaced = "\n <!-- c --> <nextToken>k+u=</nextToken>\n <ec2:imagesSet a='1'>\n <member x=\"y\">\n <tagSet>\n\
                  <member>\n <value>b</value><key>a</key>\n</member>\n</tagSet> <imageId><![CDATA[ami-1]]></imageId>\n\
                  </member>\n <other><imageId>ami-2</imageId><unknown><deep/></unknown></other>\n</ec2:imagesSet>\n";
    let read = page(flat).unwrap();
    assert_eq!(read.token.as_deref(), Some("k+u="));
    assert_eq!(read.images.len(), 2);
    assert_eq!(read.images[0].tags[0].value.as_deref(), Some("b"));
    assert_eq!(page(spaced).unwrap(), read);
}

#[test]
fn texts_come_as_they_were_written() {
    for (written, text) in [
        ("a &amp; &lt;b&gt; &quot;c&quot; &apos;d&apos; &#233;&#xE9;", "a & <b> \"c\" 'd' éé"),
        ("  leading and trailing  ", "  leading and trailing  "),
        ("one\r\ntwo\rthree&#13;", "one\ntwo\nthree\r"),
        ("<![CDATA[<x>&amp;]]>]]&gt;", "<x>&amp;]]>"),
        ("a<!-- no -->b", "ab"),
        ("   ", "   "),
        ("", ""),
    ] {
        let read = image(&format!("<description>{written}</description>"));
        assert_eq!(read.description.as_deref(), Some(text), "{written}");
    }
    assert_eq!(image("<description/>").description.as_deref(), Some(""));
    assert_eq!(image("").description, None);
}

#[test]
fn an_empty_list_or_object_is_none() {
    for empty in ["", "<tagSet/>", "<tagSet></tagSet>", "<tagSet>\n  </tagSet>"] {
        assert!(image(empty).tags.is_empty(), "{empty}");
    }
    assert_eq!(image("<stateReason/>").reason, None);
    assert!(image("<stateReason/>").unreadable.is_empty());
}

#[test]
fn values_are_read_as_their_types_and_odd_ones_unchanged() {
    let read = image(
        "<isPublic>True</isPublic><size> 12 </size><created>2026-11-15T08:30:00.000Z</created>",
    );
    assert_eq!((read.public, read.size), (Some(true), Some(12)));
    assert_eq!(read.created.unwrap().to_rfc3339(), "2026-11-15T08:30:00+00:00");
    let read = image(
        "<isPublic>maybe</isPublic><size/><created>soon</created><description><b>x</b></description>\
         <stateReason>text</stateReason><tagSet>text</tagSet><size>4</size>",
    );
    assert_eq!((read.public, read.size, read.created, read.reason), (None, Some(4), None, None));
    for (name, value) in [
        ("isPublic", serde_json::json!("maybe")),
        ("created", "soon".into()),
        ("description", serde_json::json!({ "b": "x" })),
        ("stateReason", "text".into()),
        ("tagSet", "text".into()),
    ] {
        assert_eq!(read.unreadable.get(name), Some(&value), "{name}");
    }
}

#[test]
fn what_is_no_answer_is_an_error() {
    let read = |text: &str| from_str::<Page>(text, |root| root == "ListResponse").unwrap_err();
    let whole = "<ListResponse><imagesSet/></ListResponse>";
    assert!(page("<imagesSet/>").is_ok());
    for (text, message) in [
        ("<html><body>502</body></html>".to_owned(), "the root is <html>"),
        ("<ListResponse/>".to_owned(), "missing field `imagesSet`"),
        ("<ListResponse><requestId>r</requestId></ListResponse>".to_owned(), "missing field"),
        ("<ListResponse><imagesSet>none</imagesSet></ListResponse>".to_owned(), "expected a list"),
        ("<ListResponse><imagesSet><item/></imagesSet></ListResponse>".to_owned(), ""),
        (format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{whole}"), "DTD"),
        (
            "<ListResponse><imagesSet/><nextToken>&b;</nextToken></ListResponse>".to_owned(),
            "entity",
        ),
        (format!("{whole}{whole}"), "follows the root"),
        (format!("{whole} and more"), "follows the root"),
        ("{\"imagesSet\": []}".to_owned(), "does not begin with an element"),
        (String::new(), "no element"),
    ] {
        let error = read(&text).to_string();
        assert!(error.contains(message), "{text}: {error}");
    }
    assert_eq!(read("<a>&#xFFFFFFFF;</a>").to_string().len(), read("<a/>").to_string().len());
}

#[test]
fn a_text_that_is_cut_off_anywhere_is_an_error() {
    let whole = "<?xml version=\"1.0\"?><ListResponse><imagesSet><item><imageId>ami-1</imageId><tagSet>\
                 <item><key>a&amp;é</key></item></tagSet></item></imagesSet><nextToken/></ListResponse>";
    assert!(from_str::<Page>(whole, |_| true).is_ok());
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        assert!(from_str::<Page>(&whole[..end], |_| true).is_err(), "{}", &whole[..end]);
        let _ = (scalar(&whole[..end], &["nextToken"]), to_value(&whole[..end]));
    }
}

#[test]
fn hostile_texts_are_errors_and_no_panics() {
    let deep = |name: &str| format!("<ListResponse>{}", format!("<{name}>").repeat(100_000));
    let long = "n".repeat(100_000);
    let bomb = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><ListResponse>&b;</ListResponse>";
    for text in [
        deep("imagesSet"),
        deep("item"),
        deep("unknown"),
        format!("<{long}/>"),
        format!("<ListResponse><{long}></{long}>"),
        format!("<ListResponse {long}=\"1\">"),
        bomb.to_owned(),
        "<ListResponse>&#0;&#xD800;</ListResponse>".to_owned(),
        "<ListResponse></imagesSet></ListResponse>".to_owned(),
        "\u{feff}\u{0}<".to_owned(),
    ] {
        let error = from_str::<Page>(&text, |root| root == "ListResponse").unwrap_err();
        assert!(error.to_string().len() < 200_000);
        let _ = (scalar(&text, &["nextToken"]), to_value(&text));
    }
}

#[test]
fn a_position_is_found_wherever_it_stands() {
    let items = "<imagesSet><item><nextToken>no</nextToken></item></imagesSet>";
    for (inner, expected) in [
        (format!("{items}<nextToken>k+u=</nextToken>"), Some("k+u=")),
        (format!("{items}\n <nextToken>k</nextToken>\n"), Some("k")),
        (format!("<nextToken>k</nextToken>{items}"), Some("k")),
        (
            format!("<meta><nextToken>no</nextToken></meta>{items}<nextToken>k</nextToken>"),
            Some("k"),
        ),
        (format!("<!-- <item> --><nextToken>k</nextToken>{items}"), Some("k")),
        (format!("{items}<nextToken>a&amp;b</nextToken>"), Some("a&b")),
        (format!("{items}<nextToken><![CDATA[a<b]]></nextToken>"), Some("a<b")),
        (format!("{items}<nextToken/>"), Some("")),
        (format!("{items}<meta><nextToken>no</nextToken></meta>"), None),
        (format!("{items}<!-- </item><nextToken>no</nextToken> -->"), None),
        ("<imagesSet/>".to_owned(), None),
        (items.to_owned(), None),
    ] {
        let text = format!("<ListResponse>{inner}</ListResponse>");
        assert_eq!(scalar(&text, &["nextToken"]).unwrap().as_deref(), expected, "{inner}");
    }
    for odd in ["", "<item>", "<item", "</item>", "x<item><nextToken>"] {
        let _ = scalar(odd, &["nextToken"]);
    }
    let deep = "<a><b>no</b><c><b>x</b></c><c><d>yes</d></c></a>";
    assert_eq!(scalar(deep, &["c", "d"]).unwrap().as_deref(), Some("yes"));
    scalar("<a><nextToken><b/></nextToken></a>", &["nextToken"]).unwrap_err();
    scalar("<a><s><item/></s><nextToken><b>x</b></nextToken></a>", &["nextToken"]).unwrap_err();
    scalar("<a><nextToken>x</nextToken>", &["nextToken"]).unwrap_err();
}

#[test]
fn any_text_is_json_with_its_lists() {
    let text = "<Response><Errors><Error><Code>A.B</Code><Message/></Error></Errors>\
                <set><item>1</item><item><a>2</a></item></set></Response>";
    let json = serde_json::json!({ "Response": {
        "Errors": { "Error": { "Code": "A.B", "Message": "" } },
        "set": ["1", { "a": "2" }],
    } });
    assert_eq!(to_value(text), Some(json));
    assert_eq!(to_value("no <xml"), None);
}

#[test]
fn the_place_of_what_cannot_be_read_is_named() {
    let good = "<item><imageId>a</imageId><tagSet><item><key>k</key></item></tagSet></item>";
    for (inner, path) in [
        (format!("<imagesSet>{good}<item><tagSet/></item></imagesSet>"), Some("imagesSet[1]")),
        (format!("<imagesSet>{good}<item/>{good}</imagesSet>"), Some("imagesSet[1]")),
        (format!("<imagesSet>{good}<item>text</item></imagesSet>"), Some("imagesSet[1]")),
        (format!("<imagesSet>{good}<member></member></imagesSet>"), Some("imagesSet[1]")),
        (format!("<imagesSet>{good}<item><imageId/>\n</item></imagesSet>"), None),
        (
            format!(
                "<imagesSet>\n{good}<!-- c -->{good}\n<e:item a='1'> <size/> </e:item></imagesSet>"
            ),
            Some("imagesSet[2]"),
        ),
        (
            "<imagesSet><item><imageId><b>x</b></imageId></item></imagesSet>".to_owned(),
            Some("imagesSet[0].imageId"),
        ),
        (
            "<imagesSet><item><imageId><b/></imageId></item></imagesSet>".to_owned(),
            Some("imagesSet[0].imageId"),
        ),
        ("<nextToken/><imagesSet>none</imagesSet>".to_owned(), Some("imagesSet")),
        ("<requestId>r</requestId>".to_owned(), None),
        (String::new(), None),
    ] {
        let text = format!("<?xml version=\"1.0\"?>\n<R>{inner}</R>");
        let mut events = Events::new(&text);
        events.root().unwrap();
        // What a reader sees that writes down its way.
        let seen = serde_path_to_error::deserialize::<_, Page>(Element::root(&mut events)).err();
        let seen = seen.map(|error| error.path().to_string()).filter(|path| path != ".");
        assert_eq!(seen.as_deref(), path, "{text}");
        let error = from_str::<Page>(&text, |_| true).err();
        assert_eq!(error.as_ref().and_then(Error::path), path, "{text}");
    }
    let other = from_str::<Page>("<R><imagesSet/></R>", |_| false).unwrap_err();
    assert_eq!(other.path(), None);
}

#[test]
fn any_place_of_any_text_has_a_path() {
    let text = "<?xml?><R a='é'><s><item/><item>é<b/></item></s></a><![CDATA[<x>]]>&amp;<c";
    for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
        for end in 0..=text.len() + 1 {
            path::of(&text[..cut], end);
        }
    }
}

/// The reader is also one of plain types.
#[test]
fn nothing_and_options_are_read() {
    from_str::<()>("<a><b>1</b></a>", |_| true).unwrap();
    from_str::<()>("<a><b>1</b>", |_| true).unwrap_err();
    #[derive(Deserialize)]
    struct Plain {
        name: Option<String>,
        list: Option<Vec<String>>,
    }
    let plain: Plain =
        from_str("<a><name>x</name><list><item>1</item></list></a>", |_| true).unwrap();
    assert_eq!((plain.name.as_deref(), plain.list.unwrap().len()), (Some("x"), 1));
    assert!(<Page as Lenient>::EXPECTED.contains("Page"));
}
