//! Public parameters that lead to images.

use super::{World, show};
use cloud_images::ErrorKind;
use cloud_images::ec2::ssm::PublicImage;
use futures::TryStreamExt;

const NOBLE: &str =
    "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";

pub async fn a_public_parameter_leads_to_the_vendors_image(world: &dyn World) {
    let client = world.client();
    let parameters = client.ssm().unwrap().parameters();
    let parameter = parameters.get_parameter(NOBLE).await.unwrap().parameter;
    assert_eq!(
        (parameter.name.as_str(), parameter.data_type.as_deref()),
        (NOBLE, Some("aws:ec2:image"))
    );
    assert!(parameter.last_modified_date.unwrap() > 1.7e9);
    let noble = PublicImage::ubuntu("24.04", "x86_64");
    assert_eq!(parameters.image_id(&noble).await.unwrap(), parameter.value);
    let image = show(&client, &parameter.value).await;
    assert_eq!(image.owner_id.as_deref(), Some("099720109477"));
    assert!(image.name.unwrap().contains("noble-24.04-amd64"));
}

pub async fn unknown_parameters_are_distinguished(world: &dyn World) {
    let parameters = world.client().ssm().unwrap().parameters();
    let error = parameters.get_parameter("/no/such/parameter").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.code(), Some("ParameterNotFound"));
    let names = [NOBLE.to_owned(), "/no/such/parameter".to_owned()];
    let both = parameters.get_parameters(names).await.unwrap();
    assert_eq!(both.parameters.len(), 1);
    assert_eq!(both.invalid_parameters, ["/no/such/parameter"]);
    let many = vec![NOBLE.to_owned(); 11];
    let error = parameters.get_parameters(many).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest, "{error}");
}

pub async fn a_path_is_listed_in_pages(world: &dyn World) {
    let parameters = world.client().ssm().unwrap().parameters();
    let request = || parameters.get_parameters_by_path("/aws/service/debian").recursive(true);
    let whole: Vec<_> = request().items().try_collect().await.unwrap();
    let names: Vec<_> = whole.iter().map(|parameter| parameter.name.as_str()).collect();
    assert!(names.contains(&"/aws/service/debian/release/12/latest/amd64"), "{names:?}");
    let single: Vec<_> = request().page_size(1).items().try_collect().await.unwrap();
    assert_eq!(single, whole);
    let flat = parameters.get_parameters_by_path("/aws/service/debian").items();
    assert_eq!(flat.try_collect::<Vec<_>>().await.unwrap(), []);
}
