//! The bill of materials of the programs, as CycloneDX has it (1.5, JSON): each part that somebody else has made, with its version,
//! its licence, its name in its registry (purl), and the hash that the lock file holds it to.
//!
//! What is linked is what `cargo tree` says of the programs' normal dependencies; what is in the window is what npm's lock file does not
//! mark as for developing alone. Written here, because what cargo-cyclonedx writes ends at the crates.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::licences::{Origin, Part};

/// A hash: its algorithm as CycloneDX calls it, and its content in hexadecimal.
type Hash = (&'static str, String);

/// What the lock files hold each part to, by registry, name and version.
pub struct Locked(BTreeMap<(Origin, String, String), Hash>);

impl Locked {
    /// Reads both lock files of the checkout.
    pub fn read(root: &Path) -> anyhow::Result<Locked> {
        let read = |name: &str| fs::read_to_string(root.join(name)).context(name.to_owned());
        Locked::of(&read("Cargo.lock")?, &read("ui/package-lock.json")?)
    }

    fn of(cargo: &str, npm: &str) -> anyhow::Result<Locked> {
        let mut all: BTreeMap<_, _> = crates(cargo).collect();
        let npm: Value = serde_json::from_str(npm).context("package-lock.json is no JSON")?;
        let packages = npm.get("packages").and_then(Value::as_object);
        for (place, package) in packages.context("package-lock.json has no packages")? {
            let name = place.rsplit("node_modules/").next().unwrap_or_default();
            let text = |key: &str| package.get(key).and_then(Value::as_str);
            if let (Some(version), Some(integrity)) = (text("version"), text("integrity")) {
                let key = (Origin::Npm, name.to_owned(), version.to_owned());
                all.insert(key, integrity_hash(integrity)?);
            }
        }
        Ok(Locked(all))
    }

    fn of_part(&self, part: &Part) -> Option<&Hash> {
        let key = (part.origin, part.name.clone(), part.version.clone());
        self.0.get(&key)
    }
}

/// The crates of a Cargo.lock that come from the registry.
fn crates(lock: &str) -> impl Iterator<Item = ((Origin, String, String), Hash)> + '_ {
    lock.split("[[package]]").skip(1).filter_map(|entry| {
        let value = |key: &str| {
            let line = entry
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{key} = \"")))?;
            Some(line.trim_end_matches('"').to_owned())
        };
        let key = (Origin::Crate, value("name")?, value("version")?);
        Some((key, ("SHA-256", value("checksum")?)))
    })
}

/// Of npm: `sha512-` and base64 (w3.org/TR/SRI).
fn integrity_hash(integrity: &str) -> anyhow::Result<Hash> {
    let (algorithm, content) = integrity.split_once('-').context("no hash")?;
    let algorithm = match algorithm {
        "sha512" => "SHA-512",
        "sha384" => "SHA-384",
        "sha256" => "SHA-256",
        "sha1" => "SHA-1",
        other => bail!("{other}: no hash that is known"),
    };
    let bytes = STANDARD.decode(content).context("a hash in base64")?;
    let hexadecimal = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((algorithm, hexadecimal))
}

/// The bill of materials of one system's programs. `time`: when the commit was made, as `2026-01-31T12:00:00Z`. A part of a registry
/// that no lock file names fails it: what is published would not be what was locked.
pub fn document(
    version: &str,
    time: &str,
    parts: &[Part],
    locked: &Locked,
) -> anyhow::Result<Value> {
    let components: Vec<Value> = parts
        .iter()
        .map(|part| component(part, locked))
        .collect::<anyhow::Result<_>>()?;
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": time,
            "component": {
                "type": "application",
                "bom-ref": "esim-watch",
                "name": "esim-watch",
                "version": version,
                "description": "esim-watch and esim-watchd, with what is in the window",
                "licenses": [{ "expression": "MIT OR Apache-2.0" }],
            },
        },
        "components": components,
    }))
}

fn component(part: &Part, locked: &Locked) -> anyhow::Result<Value> {
    let purl = purl(part);
    let reference = purl
        .clone()
        .unwrap_or_else(|| format!("{} {}", part.name, part.version));
    let mut component = json!({
        "type": "library",
        "bom-ref": reference,
        "name": part.name,
        "version": part.version,
        "licenses": [licence(&part.licence)],
        "externalReferences": [{ "type": "distribution", "url": part.source }],
    });
    if let (Some(purl), Some(fields)) = (purl, component.as_object_mut()) {
        let (algorithm, content) = locked
            .of_part(part)
            .with_context(|| format!("no lock file names {} {}", part.name, part.version))?;
        let hash = json!([{ "alg": algorithm, "content": content }]);
        fields.insert("purl".to_owned(), json!(purl));
        fields.insert("hashes".to_owned(), hash);
    }
    Ok(component)
}

/// A part's name for every registry (github.com/package-url/purl-spec).
fn purl(part: &Part) -> Option<String> {
    let registry = match part.origin {
        Origin::Crate => "cargo",
        Origin::Npm => "npm",
        Origin::Elsewhere => return None,
    };
    let name = part.name.replace('@', "%40");
    let version = part.version.replace('+', "%2B");
    Some(format!("pkg:{registry}/{name}@{version}"))
}

/// An SPDX expression where it is one; older manifests have a stroke for "or".
fn licence(text: &str) -> Value {
    let expression = text.replace('/', " OR ");
    let words: Vec<&str> = expression
        .split(['(', ')', ' '])
        .filter(|word| !word.is_empty())
        .collect();
    let is_joined = |word: &str| ["OR", "AND", "WITH"].contains(&word);
    let alternate = words
        .iter()
        .enumerate()
        .all(|(place, word)| is_joined(word) == (place % 2 == 1));
    match alternate && words.len() % 2 == 1 {
        true => {
            json!({ "expression": expression.split_whitespace().collect::<Vec<_>>().join(" ") })
        }
        false => json!({ "license": { "name": text } }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARGO: &str = "version = 4\n\n[[package]]\nname = \"esim-watch\"\nversion = \"0.1.0\"\ndependencies = [\n \"serde\",\n]\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.229\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"00ff\"\n";
    const NPM: &str = r#"{ "packages": { "": { "version": "0.1.0" }, "node_modules/@lucide/svelte": { "version": "1.48.0", "integrity": "sha512-AAH/" } } }"#;

    fn part(origin: Origin, name: &str, version: &str) -> Part {
        Part {
            origin,
            name: name.to_owned(),
            version: version.to_owned(),
            licence: "MIT/Apache-2.0".to_owned(),
            source: "https://example.com".to_owned(),
            texts: Vec::new(),
        }
    }

    #[test]
    fn each_part_has_its_version_licence_name_and_hash() {
        let locked = Locked::of(CARGO, NPM).unwrap();
        let parts = [
            part(Origin::Npm, "@lucide/svelte", "1.48.0"),
            part(Origin::Elsewhere, "WebView2Loader.dll", "of the SDK"),
            part(Origin::Crate, "serde", "1.0.229"),
        ];
        let document = document("0.1.0", "2026-01-31T12:00:00Z", &parts, &locked).unwrap();
        assert_eq!(document["bomFormat"], "CycloneDX");
        assert_eq!(document["metadata"]["component"]["version"], "0.1.0");
        let [npm, dll, serde] = document["components"].as_array().unwrap().as_slice() else {
            panic!("{document}");
        };
        assert_eq!(npm["purl"], "pkg:npm/%40lucide/svelte@1.48.0");
        assert_eq!(npm["hashes"][0]["alg"], "SHA-512");
        assert_eq!(npm["hashes"][0]["content"], "0001ff");
        assert_eq!(serde["purl"], "pkg:cargo/serde@1.0.229");
        assert_eq!(serde["hashes"][0]["content"], "00ff");
        assert_eq!(serde["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(dll["purl"], Value::Null);
        assert_eq!(dll["version"], "of the SDK");
    }

    #[test]
    fn a_part_that_no_lock_file_names_is_no_part_of_a_release() {
        let locked = Locked::of(CARGO, NPM).unwrap();
        let strange = [part(Origin::Crate, "serde", "1.0.1")];
        let error = document("0.1.0", "", &strange, &locked).unwrap_err();
        assert_eq!(error.to_string(), "no lock file names serde 1.0.1");
    }

    #[test]
    fn the_lock_files_of_this_checkout_are_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let locked = Locked::read(&root).unwrap();
        for (origin, name) in [
            (Origin::Crate, "tauri"),
            (Origin::Crate, "serde"),
            (Origin::Npm, "svelte"),
        ] {
            assert!(
                locked
                    .0
                    .keys()
                    .any(|(from, found, _)| *from == origin && found == name),
                "{name}"
            );
        }
        assert!(locked.0.values().all(|(_, hash)| hash.len() >= 40));
    }

    #[test]
    fn a_licence_that_is_no_expression_is_a_name() {
        for (text, expression) in [
            ("MIT", Some("MIT")),
            (
                "Apache-2.0 WITH LLVM-exception OR MIT",
                Some("Apache-2.0 WITH LLVM-exception OR MIT"),
            ),
            ("MIT/Apache-2.0", Some("MIT OR Apache-2.0")),
            (
                "(MIT OR Apache-2.0) AND Unicode-3.0",
                Some("(MIT OR Apache-2.0) AND Unicode-3.0"),
            ),
            ("see its text", None),
            ("", None),
        ] {
            let found = licence(text);
            assert_eq!(found["expression"].as_str(), expression, "{text}");
            assert_eq!(
                found["license"]["name"].is_null(),
                expression.is_some(),
                "{text}"
            );
        }
    }
}
