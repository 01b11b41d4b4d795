//! The faults: what is broken, how, and what is to be found where.

use super::Edit::{Drop, Swap, Twice};
use super::Fault;

const TRACKER: &str = super::TRACKER;
const LAW: &str = super::LAW;
const ISSUES: &str = super::ISSUES;
const ORCHESTRATOR: &str = "crates/runtime-deployment-orchestrator/src/lib.rs";
const TENANTS: &str = "crates/runtime-tenant-manager/Cargo.toml";
const DATABASE: &str = "crates/runtime-adapter-database/src/lib.rs";

const TREE: &str = "issue-tree-drift";
const TRACKED: &str = "tracker-drift";
const EARLY: &str = "premature-implementation";
const MODES: &str = "single-mode-structure";
const UPDATE: &str = "unsigned-update";

const fn fault(
    what: &'static str,
    file: &'static str,
    edit: super::Edit,
    found: &'static [(&'static str, &'static str)],
) -> Fault {
    Fault {
        what,
        file,
        edit,
        found,
    }
}

pub(super) const FAULTS: &[Fault] = &[
    // Issues.
    fault(
        "a task is gone",
        ISSUES,
        Drop("\"[RUNTIME-TENANT-MANAGER-v0.1.0-P3-T02]"),
        &[(TREE, "TENANT-MANAGER-v0.1.0-P3] ")],
    ),
    fault(
        "a master is gone",
        ISSUES,
        Drop("\"[RUNTIME-TENANT-MANAGER-v0.1.0] Master"),
        &[(TREE, "TENANT-MANAGER-v0.1.0-P0] ")],
    ),
    fault(
        "a task is there twice",
        ISSUES,
        Twice("\"[RUNTIME-TENANT-MANAGER-v0.1.0-P3-T02]"),
        &[(TREE, "TENANT-MANAGER-v0.1.0-P3-T02] ")],
    ),
    fault(
        "a phase that there is not",
        ISSUES,
        Swap(
            "\"[RUNTIME-SECRETS-MANAGER-v0.1.0-P2-T01]",
            "\"[RUNTIME-SECRETS-MANAGER-v0.1.0-P9-T01]",
        ),
        &[(TREE, "P9-T01]")],
    ),
    fault(
        "a master by another title",
        ISSUES,
        Swap(
            "SECRETS-MANAGER-v0.1.0] Master Issue",
            "SECRETS-MANAGER-v0.1.0] Epic",
        ),
        &[(TREE, "] Epic")],
    ),
    fault(
        "a state that is not dormant",
        ISSUES,
        Swap("state:dormant", "state:activated"),
        &[(TREE, "DATABASE-v0.1.0] Master")],
    ),
    fault(
        "no layer",
        ISSUES,
        Swap("{\"name\":\"layer:runtime\"},", ""),
        &[(TREE, "DATABASE-v0.1.0] Master")],
    ),
    fault(
        "two types",
        ISSUES,
        Swap(
            "{\"name\":\"type:master\"}",
            "{\"name\":\"type:master\"},{\"name\":\"type:design\"}",
        ),
        &[(TREE, "DATABASE-v0.1.0] Master")],
    ),
    fault(
        "another phase",
        ISSUES,
        Swap("phase:0", "phase:1"),
        &[(TREE, "DATABASE-v0.1.0-P0] ")],
    ),
    fault(
        "another structure",
        ISSUES,
        Swap(
            "structure:RUNTIME-ADAPTER-DATABASE-v0.1.0",
            "structure:RUNTIME-ADAPTER-STORAGE-v0.1.0",
        ),
        &[(TREE, "DATABASE-v0.1.0] Master")],
    ),
    fault(
        "closed before anything was done",
        ISSUES,
        Swap("\"OPEN\"", "\"CLOSED\""),
        &[(TREE, "DATABASE-v0.1.0] Master")],
    ),
    fault(
        "another parent",
        ISSUES,
        Swap(
            "\"parent\":\"RUNTIME-ADAPTER-DATABASE-v0.1.0\"",
            "\"parent\":\"RUNTIME-ADAPTER-STORAGE-v0.1.0\"",
        ),
        &[(TREE, "DATABASE-v0.1.0-P0] ")],
    ),
    fault(
        "a structure that there is not",
        ISSUES,
        Swap(
            "[\n",
            "[\n{\"title\":\"[RUNTIME-NOTHING-v0.1.0] Master Issue\",\"labels\":[]},\n",
        ),
        &[(TREE, "RUNTIME-NOTHING")],
    ),
    fault(
        "a fourth task",
        ISSUES,
        Swap(
            "[\n",
            "[\n{\"title\":\"[RUNTIME-ADAPTER-DATABASE-v0.1.0-P0-T04] More\",\"labels\":[]},\n",
        ),
        &[(TREE, "P0-T04] More")],
    ),
    // Tracker.
    fault(
        "a row is gone",
        TRACKER,
        Drop("| RUNTIME-SECRETS-MANAGER | Secrets Manager | Manages"),
        &[(TRACKED, "| Runtime Structure Code |")],
    ),
    fault(
        "a row is there twice",
        TRACKER,
        Twice("| RUNTIME-SECRETS-MANAGER | Secrets Manager | Manages"),
        &[(TRACKED, "| RUNTIME-SECRETS-MANAGER |")],
    ),
    fault(
        "a row of nothing",
        TRACKER,
        Swap(
            "| RUNTIME-ADAPTER-DATABASE | Database Adapter | Binds",
            "| RUNTIME-NOTHING | x | y | v0.1.0 | 0 | dormant | | | | Yes | Yes | No | | |\n| RUNTIME-ADAPTER-DATABASE | Database Adapter | Binds",
        ),
        &[(TRACKED, "| RUNTIME-NOTHING |")],
    ),
    fault(
        "a state that nobody gave",
        TRACKER,
        Swap(
            "for runtime | v0.1.0 | 0 | dormant",
            "for runtime | v0.1.0 | 0 | activated",
        ),
        &[(TRACKED, "| RUNTIME-SECRETS-MANAGER |")],
    ),
    fault(
        "a phase that nobody reached",
        TRACKER,
        Swap("for runtime | v0.1.0 | 0 |", "for runtime | v0.1.0 | 3 |"),
        &[(TRACKED, "| RUNTIME-SECRETS-MANAGER |")],
    ),
    fault(
        "a version that there is not",
        TRACKER,
        Swap("for runtime | v0.1.0 |", "for runtime | v0.2.0 |"),
        &[(TRACKED, "| RUNTIME-SECRETS-MANAGER |")],
    ),
    fault(
        "a mode that is not supported",
        TRACKER,
        Swap("0% | Yes | Yes |", "0% | No | Yes |"),
        &[(TRACKED, "| RUNTIME-ADAPTER-DATABASE |")],
    ),
    fault(
        "fewer at rest",
        TRACKER,
        Swap("Dormant State** | 13", "Dormant State** | 12"),
        &[(TRACKED, "Dormant State")],
    ),
    fault(
        "one more at work",
        TRACKER,
        Swap("Activated** | 1 ", "Activated** | 2 "),
        &[(TRACKED, "Activated")],
    ),
    fault(
        "a total of fifteen",
        TRACKER,
        Swap("Tracked** | 14", "Tracked** | 15"),
        &[(TRACKED, "Tracked")],
    ),
    fault(
        "an issue less",
        TRACKER,
        Swap("Created** | 406", "Created** | 405"),
        &[(TRACKED, "Created")],
    ),
    fault(
        "a column is gone",
        TRACKER,
        Swap("| Blocked |", "| Stuck |"),
        &[(TRACKED, "| Stuck |")],
    ),
    // Registry.
    fault(
        "one structure in two versions",
        LAW,
        Swap(
            "[rules",
            "[[structure]]\nid = \"RUNTIME-TENANT-MANAGER-v0.2.0\"\nrole = \"Manages tenants\"\n\n[rules",
        ),
        &[("duplicate-structure", "[[structure]]")],
    ),
    fault(
        "one id listed twice",
        LAW,
        Swap(
            "[rules",
            "[[structure]]\nid = \"RUNTIME-DEPLOYMENT-ORCHESTRATOR-v0.1.0\"\nrole = \"Orchestrates\"\n\n[rules",
        ),
        &[("duplicate-structure", "[[structure]]")],
    ),
    fault(
        "one mode",
        LAW,
        Swap("\"multi-tenant-saas\", ", ""),
        &[(MODES, "modes = ")],
    ),
    fault(
        "the stop after all",
        LAW,
        Swap("activated", "dormant"),
        &[
            (EARLY, "impl Topology"),
            (TRACKED, "| RUNTIME-DEPLOYMENT-ORCHESTRATOR |"),
        ],
    ),
    fault(
        "a phase before implementation",
        LAW,
        Swap("phase = 3", "phase = 2"),
        &[
            (EARLY, "impl Topology"),
            (TRACKED, "| RUNTIME-DEPLOYMENT-ORCHESTRATOR |"),
        ],
    ),
    fault(
        "a structure that nobody is part of",
        LAW,
        Swap(
            "[rules",
            "[[structure]]\nid = \"RUNTIME-CACHE-v0.1.0\"\nrole = \"Binds cache ports\"\n\n[rules",
        ),
        &[("missing-structure", "[[structure]]")],
    ),
    // Manifests.
    fault(
        "stricter than the registry",
        TENANTS,
        Swap(
            "\n[dep",
            "\n[package.metadata.constitution]\nstate = \"frozen\"\n\n[dep",
        ),
        &[
            (TRACKED, "state = "),
            (TRACKED, "| RUNTIME-TENANT-MANAGER |"),
        ],
    ),
    fault(
        "a stop lifted by a manifest",
        TENANTS,
        Swap(
            "\n[dep",
            "\n[package.metadata.constitution]\nstate = \"activated\"\n\n[dep",
        ),
        &[(TRACKED, "state = ")],
    ),
    fault(
        "one mode in a manifest",
        TENANTS,
        Swap(
            "\n[dep",
            "\n[package.metadata.constitution]\nmodes = [\"dedicated-enterprise\"]\n\n[dep",
        ),
        &[(MODES, "modes = ")],
    ),
    fault(
        "a name that no registry has",
        TENANTS,
        Swap(
            "\n[dep",
            "\n[package.metadata.constitution]\nstructure = \"RUNTIME-TENANT-MANGER\"\n\n[dep",
        ),
        &[
            ("unknown-structure", "structure = "),
            ("missing-structure", "[[structure]]"),
        ],
    ),
    fault(
        "a package by another name",
        TENANTS,
        Swap("runtime-tenant-manager", "runtime-tenants"),
        &[("missing-structure", "[[structure]]")],
    ),
    fault(
        "an engine before its time",
        TENANTS,
        Swap("[dependencies]\n", "[dependencies]\nreqwest = \"0.12\"\n"),
        &[(EARLY, "reqwest")],
    ),
    // Source.
    fault(
        "an adapter before its time",
        DATABASE,
        Swap(
            "/// To",
            "pub struct Pg;\nimpl cell_orders::Orders for Pg {\n    fn is_there(&self) -> bool {\n        true\n    }\n}\n/// To",
        ),
        &[(EARLY, "impl cell_orders")],
    ),
    fault(
        "a file before its time",
        DATABASE,
        Swap(
            "/// To",
            "pub fn keep() {\n    let _ = std::fs::write(\"orders\", \"1\");\n}\n/// To",
        ),
        &[(EARLY, "std::fs::write")],
    ),
    fault(
        "no port",
        ORCHESTRATOR,
        Swap("impl Topology for", "impl"),
        &[(
            "structure-without-port",
            "name = \"runtime-deployment-orchestrator\"",
        )],
    ),
    fault(
        "no rollback for the federation",
        ORCHESTRATOR,
        Swap("impl Rollback for", "impl"),
        &[(
            "federation-contract",
            "name = \"runtime-deployment-orchestrator\"",
        )],
    ),
    fault(
        "an arm that is still to come",
        ORCHESTRATOR,
        Swap("Enterprise => 1", "Enterprise => todo!()"),
        &[(MODES, "todo!()")],
    ),
    fault(
        "a rest that is refused",
        ORCHESTRATOR,
        Swap(
            "RuntimeMode::DedicatedEnterprise => 1",
            "_ => unimplemented!()",
        ),
        &[(MODES, "unimplemented!()")],
    ),
    // Update paths.
    fault(
        "a failure that is dropped",
        ORCHESTRATOR,
        Swap(
            "self.verify_signature(update)?;",
            "let _ = self.verify_signature(update);",
        ),
        &[(UPDATE, "let _ = self.verify")],
    ),
    fault(
        "a failure that is made nothing of",
        ORCHESTRATOR,
        Swap(
            "self.verify_signature(update)?;",
            "self.verify_signature(update).ok();",
        ),
        &[(UPDATE, ".ok();")],
    ),
    fault(
        "a failure that is answered by a default",
        ORCHESTRATOR,
        Swap(
            "self.verify_signature(update)?;",
            "self.verify_signature(update).unwrap_or(());",
        ),
        &[(UPDATE, ".unwrap_or(())")],
    ),
    fault(
        "an empty arm",
        ORCHESTRATOR,
        Swap(
            "self.verify_signature(update)?;",
            "match self.verify_signature(update) {\n            Ok(()) => {}\n            Err(_) => {}\n        }",
        ),
        &[(UPDATE, "match self.verify")],
    ),
    fault(
        "a failure that is looked at and passed by",
        ORCHESTRATOR,
        Swap(
            "self.verify_signature(update)?;",
            "if self.verify_signature(update).is_err() {\n            self.report_status(false);\n        }",
        ),
        &[(UPDATE, "if self.verify")],
    ),
    fault(
        "no verification",
        ORCHESTRATOR,
        Swap("        self.verify_signature(update)?;\n", ""),
        &[(UPDATE, "self.bind_update(update)?")],
    ),
    fault(
        "verification on one path only",
        ORCHESTRATOR,
        Swap(
            "self.verify_signature(update)?;",
            "if self.placed > 0 {\n            self.verify_signature(update)?;\n        }",
        ),
        &[(UPDATE, "self.bind_update(update)?")],
    ),
    fault(
        "bound before it is admitted",
        ORCHESTRATOR,
        Swap(
            "        self.admit(update)?;\n        let checkpoint = self.create_checkpoint()?;\n        self.bind_update(update)?;\n",
            "        let checkpoint = self.create_checkpoint()?;\n        self.bind_update(update)?;\n        self.admit(update)?;\n",
        ),
        &[
            (UPDATE, "self.verify_signature(update)?"),
            (UPDATE, "self.check_compatibility(update)"),
            (UPDATE, "self.bind_update(update)?"),
        ],
    ),
    fault(
        "no compatibility",
        ORCHESTRATOR,
        Swap(
            "        self.check_compatibility(update)\n",
            "        Ok(())\n",
        ),
        &[(UPDATE, "self.bind_update(update)?")],
    ),
    fault(
        "a checkpoint before compatibility",
        ORCHESTRATOR,
        Swap(
            "        self.verify_signature(update)?;\n",
            "        self.verify_signature(update)?;\n        self.create_checkpoint()?;\n",
        ),
        &[(UPDATE, "self.check_compatibility(update)")],
    ),
    fault(
        "no checkpoint",
        ORCHESTRATOR,
        Swap(
            "let checkpoint = self.create_checkpoint()?;",
            "let checkpoint = self.placed;",
        ),
        &[(UPDATE, "self.bind_update(update)?")],
    ),
    fault(
        "no integrity",
        ORCHESTRATOR,
        Swap(
            "let intact = self.verify_integrity();",
            "let intact: Result<(), Fault> = Ok(());",
        ),
        &[(UPDATE, "self.bind_update(update)?")],
    ),
    fault(
        "integrity before it can be told",
        ORCHESTRATOR,
        Swap(
            "        self.bind_update(update)?;\n        self.settle(checkpoint)",
            "        self.verify_integrity()?;\n        self.bind_update(update)?;\n        self.report_status(checkpoint > 0);\n        Ok(())",
        ),
        &[(UPDATE, "self.verify_integrity()?")],
    ),
    fault(
        "nothing is rolled back",
        ORCHESTRATOR,
        Swap("            self.rollback(checkpoint);\n", ""),
        &[(UPDATE, "self.verify_integrity();")],
    ),
    fault(
        "nothing is reported",
        ORCHESTRATOR,
        Swap("        self.report_status(intact.is_ok());\n", ""),
        &[(UPDATE, "self.bind_update(update)?")],
    ),
    fault(
        "reported before it is known",
        ORCHESTRATOR,
        Swap(
            "        self.settle(checkpoint)",
            "        self.report_status(true);\n        self.settle(checkpoint)",
        ),
        &[(UPDATE, "self.report_status(true)")],
    ),
    fault(
        "a way out before the report",
        ORCHESTRATOR,
        Swap(
            "            self.rollback(checkpoint);\n",
            "            self.rollback(checkpoint);\n            return intact;\n",
        ),
        &[(UPDATE, "self.bind_update(update)?")],
    ),
];
