//! Which GPU is meant by a name.

use super::gpu::models;
use super::name::{normalized, without_market};
use super::spelling::{self, Candidates};

/// What a name stands for: the spellings of the provider first, then models, devices and common names. `None`
/// if the tables do not have it.
pub(super) fn candidates(name: &str, provider: Option<&str>) -> Option<Candidates> {
    let key = normalized(without_market(name));
    if let Some(found) = provider.and_then(|provider| spelling::find(&key, provider)) {
        return Some(found);
    }
    // The name of a model first: a device of another may be called like it.
    let by_model = models().iter().find(|gpu| gpu.keys.first() == Some(&key));
    let model = by_model.or_else(|| models().iter().find(|gpu| gpu.keys.contains(&key)));
    if let Some(model) = model {
        return Some(Candidates {
            models: vec![model],
            host: None,
            share: false,
            of_several_providers: false,
        });
    }
    spelling::find(&key, "any")
        .or_else(|| if provider.is_none() { spelling::find_anywhere(&key) } else { None })
}

#[cfg(test)]
mod tests {
    use super::candidates;

    fn names(name: &str, provider: Option<&str>) -> Vec<&'static str> {
        candidates(name, provider)
            .map_or(Vec::new(), |found| found.models.iter().map(|gpu| gpu.name).collect())
    }

    #[test]
    fn flavours_need_their_provider() {
        assert_eq!(names("g6.xlarge", Some("aws")), ["L4"]);
        assert_eq!(names("g6.6xlarge.4", Some("huawei")), ["T4"]);
        assert_eq!(names("g6.xlarge", Some("hyperstack")), [""; 0]);
        assert_eq!(names("g6.xlarge", None), ["L4", "T4"]);
        assert!(candidates("g6.xlarge", None).unwrap().of_several_providers);
        assert_eq!(names("Standard_NC24rs_v3", Some("azure")), ["V100"]);
        assert_eq!(names("standard_nc40ads_h100_v5", Some("azure")), ["H100-NVL"]);
        assert_eq!(names("n3-H100x8-NVLink", Some("hyperstack")), ["H100-PCIe"]);
    }

    #[test]
    fn models_have_many_spellings() {
        for (spelling, model) in [
            ("H200", "H200"),
            ("NVIDIA H200", "H200"),
            ("NVIDIA H100 80GB HBM3", "H100-SXM5"),
            ("h100 pcie", "H100-PCIe"),
            ("Tesla T4", "T4"),
            ("rtx-a6000", "RTX A6000"),
            ("L40-spot", "L40"),
            ("NVIDIA H100 80GB HBM3 MIG 1g.10gb", "H100-SXM5"),
            ("AMD Instinct MI300X", "MI300X"),
            ("MI300X", "MI300X"),
        ] {
            assert_eq!(names(spelling, None), [model], "{spelling}");
        }
        assert_eq!(names("RTX 6000", None).len(), 5);
        assert_eq!(names("H100", Some("otc")), ["H100-PCIe", "H100-SXM5"]);
        assert_eq!(names("GeForce 256", None), [""; 0]);
        assert_eq!(names("", None), [""; 0]);
    }
}
