//! The target of `capture`, from its arguments.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::super::context::{Context, need_folder};
use super::Args;
use crate::error::Error;
use crate::layout::Format;
use crate::store::{StoreError, Target};

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Yaml, Self::Json]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(extension(*self)))
    }
}

const fn extension(format: Format) -> &'static str {
    match format {
        Format::Yaml => "yaml",
        Format::Json => "json",
    }
}

/// The target to write, and its format.
pub(super) fn destination(args: &Args, context: &Context) -> Result<(Target, Format), Error> {
    let target = match (&args.file, &args.name) {
        (Some(file), _) if file.as_os_str() == "-" => Target::Stdio,
        (Some(file), _) => Target::File(file.clone()),
        (None, name) => target(name.as_deref().unwrap_or_default(), args, context)?,
    };
    let Some(path) = context.store.path(&target) else {
        if args.json {
            return Err(Error::Usage {
                what: "`--json` and `-` would both write to standard output".to_owned(),
                hint: Some("use `--format json` to write the layout as JSON".to_owned()),
            });
        }
        return Ok((target, args.format.unwrap_or_default()));
    };
    if let Target::File(_) = &target {
        need_folder(&path)?;
    }
    let of_path = Format::of_path(&path);
    let Some(wanted) = args.format.filter(|wanted| *wanted != of_path) else {
        return Ok((target, of_path));
    };
    match target {
        Target::Named { .. } if path.exists() => Err(Error::OtherFormat { path }),
        Target::Named { .. } => {
            let path = path.with_extension(extension(wanted));
            Ok((Target::File(path), wanted))
        }
        // JSON is valid YAML, but not the other way round.
        _ if of_path == Format::Json => Err(Error::Usage {
            what: format!("cannot write YAML to {}", path.display()),
            hint: Some("use a file name that ends in `.yaml`".to_owned()),
        }),
        target => Ok((target, wanted)),
    }
}

fn target(name: &str, args: &Args, context: &Context) -> Result<Target, Error> {
    let target = context.store.target(name)?;
    let Some(wanted) = args.project.as_deref() else {
        return Ok(target);
    };
    match target {
        Target::Named {
            project: Some(project),
            ..
        } if project != wanted => Err(Error::Usage {
            what: format!("`{name}` is in project `{project}`, but `--project` is `{wanted}`"),
            hint: Some(format!(
                "run `i3pm-layout capture {} --project {wanted}` to save the windows of `{wanted}`",
                name.rsplit('/').next().unwrap_or(name)
            )),
        }),
        Target::Named { name, .. } => {
            Ok(Target::named(Some(wanted), &name).map_err(StoreError::from)?)
        }
        other => Ok(other),
    }
}
