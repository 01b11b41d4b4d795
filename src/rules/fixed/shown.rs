//! The engines in a runtime structure's public signatures.

use super::Subject;
use super::offers::Offers;
use crate::finding::Confidence;
use crate::rules::case::is_runtime;
use crate::rules::literals::{VENDORS, Vendor};
use crate::rules::signatures::{self, HandedOut};
use crate::rules::{Case, Draft, Sink, source};

/// Says every place where a structure's public signature has an engine, but for one way of several.
pub(super) fn judge(case: &Case<'_>, subject: &Subject, offers: &Offers<'_>, sink: &mut Sink<'_>) {
    let ports = case.ports();
    let runtime = |module| ports.plane(module).is_some_and(is_runtime);
    let mut found: Vec<(Option<&Vendor>, HandedOut<'_>)> = signatures::handed_out(case, runtime)
        .into_iter()
        .filter(|one| subject.categories.contains(&one.engine.category))
        .map(|one| (vendor(case, &one), one))
        .collect();
    // `Pool<Postgres>`: the argument says more than the pool.
    found.sort_by_key(|(vendor, one)| (one.place, vendor.is_none()));
    found.dedup_by_key(|(_, one)| one.place);
    for (vendor, one) in &found {
        let package = case.module(one.module).package;
        if !offers.is_chosen(case, package, one.guard.cfg.as_deref()) {
            sink.push(draft(case, subject, *vendor, one));
        }
    }
}

/// Whose engine a type is: by its package, or by its name in a package that speaks to several.
fn vendor(case: &Case<'_>, one: &HandedOut<'_>) -> Option<&'static Vendor> {
    let package = source::package(case, one.target);
    let path = source::path(case, one.target);
    package
        .and_then(|package| VENDORS.of_package(package))
        .or_else(|| VENDORS.of_path(&path))
}

fn draft(
    case: &Case<'_>,
    subject: &Subject,
    vendor: Option<&Vendor>,
    one: &HandedOut<'_>,
) -> Draft {
    let (module, target) = (one.module, source::path(case, one.target));
    // A type that stands for any vendor's engine ties to a library, and to no engine yet.
    let package = source::package(case, one.target);
    let many =
        vendor.is_none() && package.is_some_and(|it| VENDORS.is_many(it) || VENDORS.is_neutral(it));
    let owner = one.owner.map(|owner| source::path(case, owner));
    let name = match owner.as_deref().map(crate::rules::ports::short) {
        Some(owner) if owner != one.name => format!("{owner}::{}", one.name),
        _ => one.name.clone(),
    };
    let of = vendor.map_or_else(String::new, |vendor| format!(" ({})", vendor.name));
    let message = format!(
        "{} fixes {} for whoever uses it: its public signature has `{target}`{of}, and {} `{name}`",
        super::runtime_code(case, module),
        subject.what,
        one.how.says(),
    );
    let help = format!(
        "keep `{}` private to the structure: take settings (a URL, a size), open the engine inside, and hand out the \
         port; or offer a second engine and put each one's types behind a feature of its own",
        crate::rules::ports::short(&target),
    );
    let mut because = vec![
        case.why_module(module),
        case.why_engine(&target, one.engine),
    ];
    because.extend(case.module_layer(module).map(|layer| case.why_plane(layer)));
    Draft {
        confidence: if many {
            Confidence::Likely
        } else {
            Confidence::Certain
        },
        doubtful: many,
        category: Some(one.engine.category.to_owned()),
        target: Some(target),
        because,
        ..Draft::at(one.place, message, help).of_module(case, module)
    }
    .guarded(&one.guard)
}
