//! Who may launch an image, and its texts.

use super::{PARTNER, World, register, show};
use cloud_images::ErrorKind;
use cloud_images::ec2::types::NewLaunchPermission;

pub async fn an_image_is_shared_and_unshared(world: &dyn World) {
    let client = world.client();
    let images = client.images();
    let id = register(world, &world.name("shared")).await;
    let permissions = async || {
        let mut found: Vec<String> = Vec::new();
        for permission in images.shared_with(&id).await.unwrap() {
            found.extend(permission.user_id.map(|id| id.to_string()));
            found.extend(permission.organization_arn);
            found.extend(permission.group.map(|group| group.to_string()));
        }
        found.sort();
        found
    };
    let organization = "arn:aws:organizations::123456789012:organization/o-abcdef1234";
    let everyone = || [NewLaunchPermission::account(PARTNER), NewLaunchPermission::everybody()];
    images.share(&id, everyone()).await.unwrap();
    images.share(&id, [NewLaunchPermission::organization(organization)]).await.unwrap();
    assert_eq!(permissions().await, [PARTNER, "all", organization]);
    assert_eq!(show(&client, &id).await.public, Some(true));
    images.unshare(&id, everyone()).await.unwrap();
    assert_eq!(permissions().await, [organization]);
    assert_eq!(show(&client, &id).await.public, Some(false));
    images.share(&id, [PARTNER]).await.unwrap();
    images.reset_image_attribute(&id, "launchPermission").await.unwrap();
    assert!(permissions().await.is_empty());
    assert_eq!(show(&client, &id).await.public, Some(false));
}

pub async fn wrong_accounts_and_empty_changes_are_refused(world: &dyn World) {
    let images = world.images();
    let id = register(world, &world.name("not-shared")).await;
    let error = images.share(&id, ["12"]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    assert_eq!(error.code(), Some("InvalidAMIAttributeItemValue"));
    let error = images.modify_image_attribute(&id).await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterCombination"));
    let error = images.modify_image_attribute("ami-00000000000000000").description("x").await;
    assert!(error.unwrap_err().is_not_found());
}

pub async fn a_description_is_changed_and_shown(world: &dyn World) {
    let client = world.client();
    let id = register(world, &world.name("described")).await;
    let text = "a & b < c > \"d\" 'e'\nZürich 東京 \u{1f600}";
    client.images().modify_image_attribute(&id).description(text).await.unwrap();
    let shown = client.images().describe_image_attribute(&id, "description").await.unwrap();
    assert_eq!(shown.description.unwrap().value.as_deref(), Some(text));
    assert_eq!(show(&client, &id).await.description.as_deref(), Some(text));
    let unknown = client.images().describe_image_attribute(&id, "nonsense").await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::BadRequest);
}
