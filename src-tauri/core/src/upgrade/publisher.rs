//! Where newer versions are published, and whose signature they bear. Whoever publishes packages writes both here
//! (RELEASING.md); until then the program offers no updates at all. Nothing else stands in this file: `cargo xtask package` reads
//! it as well.

/// The address of the manifest. Its packages lie beside it. `.example` belongs to nobody (RFC 2606).
pub const MANIFEST_URL: &str = "https://updates.example/esim-watch/latest.json";

/// The public key, as the second line of minisign's file has it.
pub const PUBLIC_KEY: &str = "";
