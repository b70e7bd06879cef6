//! Lists: pages, ids, owners, regions, and answers that are none.

use crate::service::{answer, bodies, builder, client, image, images, region, respond, server};
use cloud_images::ErrorKind;
use cloud_images::ec2::types::Filter;
use futures::{StreamExt, TryStreamExt};
use std::io::Write;
use wiremock::{Request, ResponseTemplate};

#[tokio::test]
async fn images_are_listed_page_by_page_and_an_empty_page_is_not_the_end() {
    let full = image("ami-1", "<name>a</name><tagSet><item><key>k</key><value/></item></tagSet>");
    let server = server([images("", "k+u/="), images(&full, "")]).await;
    let request = client(&server).images().describe_images();
    let request = request.owner("self").filter(("name", "app *")).filter(("state", ["available"]));
    let found: Vec<_> = request.items().try_collect().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].image_id, "ami-1");
    assert_eq!(found[0].owner_id.as_deref(), Some("123456789012"));
    assert_eq!(found[0].tags[0].value.as_deref(), Some(""));
    let first = "Action=DescribeImages&Version=2016-11-15&Filter.1.Name=name&Filter.1.Value.1=app%20%2A\
                 &Filter.2.Name=state&Filter.2.Value.1=available&MaxResults=1000&Owner.1=self";
    let second = first.replace("&Owner", "&NextToken=k%2Bu%2F%3D&Owner");
    assert_eq!(bodies(&server).await, [first.to_owned(), second]);
    let sent = &server.received_requests().await.unwrap()[0];
    assert_eq!((sent.method.as_str(), sent.url.path(), sent.url.query()), ("POST", "/", None));
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    assert_eq!(sent.headers["content-type"], form);
    assert!(sent.headers["accept-encoding"].to_str().unwrap().contains("gzip"));
    let scope = sent.headers["authorization"].to_str().unwrap();
    assert!(scope.contains("/eu-west-1/ec2/aws4_request"), "{scope}");
}

#[tokio::test]
async fn beside_ids_no_page_size_is_sent_unless_the_user_sets_one() {
    let server = server([images(&image("ami-1", ""), "")]).await;
    let images = client(&server).images();
    let by_id = images.describe_images().image_id("ami-1");
    assert_eq!(by_id.clone().items().try_collect::<Vec<_>>().await.unwrap().len(), 1);
    by_id.page_size(5000).items().try_collect::<Vec<_>>().await.unwrap();
    let sent = bodies(&server).await;
    assert!(!sent[0].contains("MaxResults"), "{}", sent[0]);
    assert!(sent[1].contains("MaxResults=1000"), "{}", sent[1]);
}

#[tokio::test]
async fn no_owner_at_all_is_refused_before_anything_is_sent() {
    let server = server([images("", "")]).await;
    let client = client(&server);
    let requests = [
        client.images().describe_images().owners(Vec::<String>::new()),
        client.images().describe_images().owners(["self", " "]),
        client.images().describe_images().owner(""),
    ];
    for request in requests {
        let error = request.clone().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        let found: Vec<_> = request.items().collect().await;
        assert!(matches!(&found[..], [Err(_)]), "{found:?}");
    }
    client.snapshots().describe_snapshots().owners(Vec::<String>::new()).await.unwrap_err();
    assert!(bodies(&server).await.is_empty());
    client.images().describe_images().owners(["self", "amazon"]).await.unwrap();
    assert!(bodies(&server).await[0].contains("Owner.1=self&Owner.2=amazon"));
}

/// A stranger's image never passes for one of the owner that was asked for.
#[tokio::test]
async fn an_image_of_an_owner_that_was_not_asked_for_is_an_error() {
    let of = |owner: &str| format!("<item><imageId>ami-1</imageId>{owner}</item>");
    let canonical = of("<imageOwnerId>099720109477</imageOwnerId>");
    let amazon =
        of("<imageOwnerId>137112412989</imageOwnerId><imageOwnerAlias>amazon</imageOwnerAlias>");
    let stranger = of("<imageOwnerId>666666666666</imageOwnerId>\
                       <imageOwnerAlias>099720109477</imageOwnerAlias><imageLocation>amazon/x</imageLocation>");
    for (owners, listed, is_theirs) in [
        (vec!["099720109477"], &canonical, true),
        (vec!["099720109477"], &stranger, false),
        (vec!["099720109477"], &amazon, false),
        (vec!["099720109477"], &of(""), false),
        (vec!["099720109477", "137112412989"], &amazon, true),
        (vec!["amazon"], &amazon, true),
        (vec!["amazon"], &stranger, false),
        (vec!["aws-marketplace", "099720109477"], &amazon, false),
        (vec!["self", "099720109477"], &stranger, true),
        (vec![], &stranger, true),
    ] {
        let server = server([images(listed, "")]).await;
        let mut request = client(&server).images().describe_images();
        for owner in &owners {
            request = request.owner(*owner);
        }
        let found: Vec<_> = request.items().collect().await;
        match &found[..] {
            [Ok(_)] if is_theirs => {}
            [Err(error)] if !is_theirs => {
                assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1), "{error}");
                assert!(error.to_string().contains("ami-1"), "{error}");
            }
            _ => panic!("{owners:?} {listed}: {found:?}"),
        }
    }
}

/// The same for the filter by owner, as long as it names accounts: what a wildcard means is the service's to say.
#[tokio::test]
async fn an_image_of_an_owner_that_the_filter_leaves_out_is_an_error() {
    let of = |owner: &str| {
        let item = format!("<item><imageId>ami-1</imageId>{owner}</item>");
        images(&item, "")
    };
    let stranger = "<imageOwnerId>666666666666</imageOwnerId>";
    let canonical = "<imageOwnerId>099720109477</imageOwnerId>";
    for (owners, listed, is_fine) in [
        (&["099720109477"][..], canonical, true),
        (&["099720109477"], stranger, false),
        (&["099720109477"], "", false),
        (&["137112412989", "099720109477"], canonical, true),
        (&["137112412989", "099720109477"], stranger, false),
        (&["137112412989", "0997*"], stranger, true),
        (&["09972010947?"], stranger, true),
        (&[], stranger, true),
    ] {
        let server = server([of(listed)]).await;
        let filter = Filter::new("owner-id", owners.iter().copied());
        let request = client(&server).images().describe_images().filter(filter.clone());
        let answer = request.filter(("state", "available")).await;
        match answer {
            Ok(_) if is_fine => {}
            Err(error) if !is_fine => {
                assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
                assert!(error.to_string().contains("ami-1"), "{error}");
            }
            answer => panic!("{owners:?} {listed}: {answer:?}"),
        }
    }
    // Several filters all have to fit, and so have the owners beside them.
    let server = server([of(canonical)]).await;
    let request = client(&server).images().describe_images().filter(("owner-id", "099720109477"));
    request.clone().owner("self").await.unwrap();
    request.clone().owner("137112412989").await.unwrap_err();
    request.filter(("owner-id", "137112412989")).await.unwrap_err();
    let other = client(&server).images().describe_images();
    other.filter(("name", "099720109477")).filter(("owner-id", "099720109477")).await.unwrap();
}

#[tokio::test]
async fn a_snapshot_of_an_owner_that_was_not_asked_for_is_an_error() {
    let snapshot = |owner: &str| {
        format!("<item><snapshotId>snap-1</snapshotId><ownerId>{owner}</ownerId></item>")
    };
    let listed = format!("<snapshotSet>{}</snapshotSet>", snapshot("666666666666"));
    let server = server([answer("DescribeSnapshots", &listed)]).await;
    let snapshots = client(&server).snapshots();
    let error = snapshots.describe_snapshots().owner("123456789012").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    let filtered = snapshots.describe_snapshots().filter(("owner-id", "123456789012"));
    assert_eq!(filtered.await.unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(snapshots.describe_snapshots().owner("self").await.unwrap().snapshots.len(), 1);
}

/// The model gives these no name on the wire: the service may begin them in lower case, as all others.
#[tokio::test]
async fn elements_without_a_name_in_the_model_are_read_in_both_spellings() {
    for (rate, zone, card) in [
        ("VolumeInitializationRate", "AvailabilityZoneId", "EbsCardIndex"),
        ("volumeInitializationRate", "availabilityZoneId", "ebsCardIndex"),
    ] {
        let ebs = format!("<{rate}>300</{rate}><{zone}>euw1-az1</{zone}><{card}>1</{card}>");
        let device =
            format!("<blockDeviceMapping><item><ebs>{ebs}</ebs></item></blockDeviceMapping>");
        let server = server([images(&image("ami-1", &device), "")]).await;
        let page = client(&server).images().describe_images().await.unwrap();
        let ebs = page.images[0].block_device_mappings[0].ebs.as_ref().unwrap();
        assert_eq!(ebs.volume_initialization_rate, Some(300), "{rate}");
        assert_eq!(ebs.availability_zone_id.as_deref(), Some("euw1-az1"), "{zone}");
        assert_eq!(ebs.ebs_card_index, Some(1), "{card}");
    }
}

#[tokio::test]
async fn a_compressed_answer_is_read() {
    let plain = format!(
        "<DescribeImagesResponse><imagesSet>{}</imagesSet></DescribeImagesResponse>",
        image("ami-1", "<name>a &amp; b</name>")
    );
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(plain.as_bytes()).unwrap();
    let compressed = ResponseTemplate::new(200)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(gzip.finish().unwrap(), "text/xml;charset=UTF-8");
    let server = server([compressed]).await;
    let page = client(&server).images().describe_images().await.unwrap();
    assert_eq!(page.images[0].name.as_deref(), Some("a & b"));
}

#[tokio::test]
async fn an_answer_of_another_form_is_an_error_and_never_an_empty_list() {
    let whole = "<DescribeImagesResponse><imagesSet/></DescribeImagesResponse>";
    let bomb = "<!DOCTYPE l [<!ENTITY a \"ha\">]><DescribeImagesResponse><imagesSet>&a;</imagesSet>\
                </DescribeImagesResponse>";
    let nameless = "<DescribeImagesResponse><imagesSet><item><imageId>ami-1</imageId></item><item><name>a</name>\
                    </item></imagesSet></DescribeImagesResponse>";
    for (body, reason) in [
        (nameless, "imagesSet[1]: missing field `imageId`"),
        ("<html><body>busy</body></html>", "<html>"),
        ("<DescribeTagsResponse><tagSet/></DescribeTagsResponse>", "<DescribeTagsResponse>"),
        ("<DescribeImagesResponse><requestId>r</requestId></DescribeImagesResponse>", "imagesSet"),
        (&whole[..36], "cut off"),
        (&whole[..40], "not XML"),
        (bomb, "DTD"),
        ("{\"imagesSet\": []}", "not XML"),
        ("", "empty"),
    ] {
        let server = server([ResponseTemplate::new(200).set_body_raw(body, "text/xml")]).await;
        let found: Vec<_> = client(&server).images().describe_images().items().collect().await;
        let [Err(error)] = &found[..] else { panic!("{body}: {found:?}") };
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert!(error.to_string().contains(reason), "{body}: {error}");
    }
}

#[tokio::test]
async fn a_position_that_is_none_is_an_error_and_not_the_end() {
    let server = server([images(&image("ami-1", ""), "<more>k</more>")]).await;
    let found: Vec<_> = client(&server).images().describe_images().items().collect().await;
    let [Ok(_), Err(error)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

#[tokio::test]
async fn an_odd_value_does_not_lose_its_image() {
    let odd = "<isPublic>perhaps</isPublic><creationDate>today</creationDate><imageState>melted</imageState>";
    let server = server([images(&image("ami-1", odd), "")]).await;
    let page = client(&server).images().describe_images().await.unwrap();
    let image = &page.images[0];
    assert_eq!((image.public, image.creation_date), (None, None));
    assert_eq!(image.state.as_ref().map(ToString::to_string).as_deref(), Some("melted"));
    assert_eq!(image.unreadable.get("creationDate"), Some(&"today".into()));
}

#[tokio::test]
async fn several_regions_are_one_stream_with_one_login() {
    let server = respond(|request: &Request| match region(request).as_str() {
        "us-east-1" => images(&image("ami-us", ""), ""),
        "eu-west-1" => images(&image("ami-eu", ""), ""),
        other => crate::service::error(401, "AuthFailure", &format!("no {other}")),
    })
    .await;
    let request = builder(&server).build().unwrap().images().describe_images().owner("self");
    let regions = ["us-east-1", "eu-west-1", "xx-test-1", "not a region"];
    let mut found = Vec::new();
    let mut failed = Vec::new();
    let mut stream = request.in_regions(regions);
    while let Some(image) = stream.next().await {
        match image {
            Ok(image) => found.push((image.region, image.item.image_id.to_string())),
            Err(error) => failed.push((error.region, error.error.kind())),
        }
    }
    found.sort();
    failed.sort_by(|one, other| one.0.cmp(&other.0));
    let pairs = [("eu-west-1", "ami-eu"), ("us-east-1", "ami-us")];
    assert_eq!(found, pairs.map(|(region, id)| (region.to_owned(), id.to_owned())));
    let expected = [
        ("not a region".to_owned(), ErrorKind::Configuration),
        ("xx-test-1".to_owned(), ErrorKind::Unauthorized),
    ];
    assert_eq!(failed, expected);
}

#[tokio::test]
async fn the_other_lists_are_read_too() {
    let (head, item) = ("<item><regionName>", "</regionName></item>");
    let regions = format!("<regionInfo>{head}eu-west-1{item}{head}us-east-1{item}</regionInfo>");
    let server = server([answer("DescribeRegions", &regions)]).await;
    let found: Vec<_> =
        client(&server).regions().describe_regions().items().try_collect().await.unwrap();
    assert_eq!(
        found.iter().map(|region| &*region.region_name).collect::<Vec<_>>(),
        ["eu-west-1", "us-east-1"]
    );
}
