//! Two projects and one image.

use super::harness::{Plain, ids, raw, servers};
use cloud_images::ErrorKind;
use cloud_images::ims::types::MemberStatus;

#[tokio::test]
async fn an_image_is_offered_accepted_rejected_and_taken_back() {
    let servers = servers!();
    let (owner, other) = (servers.client("demo"), servers.client("alt"));
    let project = Plain::login(&servers, "alt").await.id("project");
    let image = raw(&owner, "shared").visibility("shared").await.unwrap();
    let hidden = other.image_operations().show_image(&*image.id).await.unwrap_err();
    assert!(hidden.is_not_found());

    let members = owner.image_members();
    let member = members.create_image_member(&*image.id, &*project).await.unwrap();
    assert_eq!(member.status, Some(MemberStatus::Pending));
    let twice = members.create_image_member(&*image.id, &*project).await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Conflict);
    let own = members.update_image_member(&*image.id, &*project, "accepted").await.unwrap_err();
    assert_eq!(own.kind(), ErrorKind::Forbidden);

    let offered = || other.image_operations().list_images().visibility("shared");
    assert!(ids(offered().member_status("pending")).await.contains(&image.id));
    for status in ["accepted", "rejected"] {
        let answered =
            other.image_members().update_image_member(&*image.id, &*project, status).await.unwrap();
        assert_eq!(answered.status.unwrap(), status);
        assert!(ids(offered().member_status(status)).await.contains(&image.id));
        let listed = ids(other.image_operations().list_images()).await.contains(&image.id);
        assert_eq!(listed, status == "accepted");
    }
    let shown = members.show_image_member(&*image.id, &*project).await.unwrap();
    assert_eq!(shown.status, Some(MemberStatus::Rejected));
    assert_eq!(members.list_image_members(&*image.id).await.unwrap().members.len(), 1);
    members.delete_image_member(&*image.id, &*project).await.unwrap();
    let gone = members.show_image_member(&*image.id, &*project).await.unwrap_err();
    assert!(gone.is_not_found());
    owner.image_operations().delete_image(image.id).await.unwrap();
}
