//! Any bytes as the answer of every operation: an error or a value, and what the value is written as is
//! read as the same again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{from_slice, to_value};

macro_rules! read {
    ($data:expr, $api:ident: $($ty:ident)*) => {$(
        if let Ok(value) = from_slice::<cloud_images::$api::types::$ty>($data) {
            let once = to_value(&value).expect("what was read can be written");
            let again: cloud_images::$api::types::$ty =
                serde_json::from_value(once.clone()).expect("what was written can be read");
            assert_eq!(to_value(&again).expect("and written again"), once);
        }
    )*};
}

fuzz_target!(|data: &[u8]| {
    read!(data, computing: ListImagesResponse);
    read!(data, ims: Image ImageList JsonSchema Member MemberList VersionList);
    read!(data, parallelcluster:
        BuildImageResponseContent CreateClusterResponseContent DeleteClusterResponseContent
        DeleteImageResponseContent DescribeClusterInstancesResponseContent
        DescribeClusterResponseContent DescribeComputeFleetResponseContent
        DescribeImageResponseContent GetClusterLogEventsResponseContent
        GetClusterStackEventsResponseContent GetImageLogEventsResponseContent
        GetImageStackEventsResponseContent ListClusterLogStreamsResponseContent
        ListClustersResponseContent ListImageLogStreamsResponseContent ListImagesResponseContent
        ListOfficialImagesResponseContent UpdateClusterResponseContent
        UpdateComputeFleetResponseContent);
});
