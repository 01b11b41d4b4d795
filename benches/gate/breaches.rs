//! Breaches in the generated workspace: a gate that finds nothing measures nothing.

use crate::plan::Member;

pub(crate) struct Breach {
    layer: &'static str,
    /// Which package of the layer.
    number: usize,
    /// Lines for `[dependencies]`.
    pub(crate) dependencies: &'static str,
    /// A module `planted` of the package.
    pub(crate) source: &'static str,
}

const PLANTED: &[Breach] = &[
    Breach {
        layer: "cell",
        number: 0,
        dependencies: "sqlx.workspace = true\n",
        source: "use sqlx::PgPool;\n\npub struct Shelf {\n    pub pool: PgPool,\n}\n",
    },
    Breach {
        layer: "cell",
        number: 3,
        dependencies: "",
        source: "pub fn rates() -> String {\n    std::fs::read_to_string(\"rates.csv\").unwrap_or_default()\n}\n",
    },
    Breach {
        layer: "cell",
        number: 7,
        dependencies: "runtime-tenant-manager = { path = \"../../runtime/runtime-tenant-manager\" }\n",
        source: "use runtime_tenant_manager::Error;\n\npub fn from(error: Error) -> String {\n    error.to_string()\n}\n",
    },
    Breach {
        layer: "organ",
        number: 2,
        dependencies: "",
        source: "pub fn mode() -> Option<String> {\n    std::env::var(\"DEPLOYMENT_MODE\").ok()\n}\n",
    },
    Breach {
        layer: "runtime",
        number: 0,
        dependencies: "",
        source: "pub const ADDRESS: &str = \"postgres://ledger.internal:5432/ledger\";\n",
    },
    Breach {
        layer: "runtime",
        number: 1,
        dependencies: "",
        source: "pub const BROKER: &str = \"amqp://broker.internal:5672\";\n",
    },
];

/// The breach that is planted in the member at `at`.
pub(crate) fn planted(members: &[Member], at: usize) -> Option<&'static Breach> {
    let layer = members[at].layer;
    let number = members[..at]
        .iter()
        .filter(|member| member.layer == layer)
        .count();
    PLANTED
        .iter()
        .find(|breach| breach.layer == layer && breach.number == number)
}
