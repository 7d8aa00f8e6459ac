//! Programs whose own options announce a secret, where the option's name does not.

/// Where the secret is when the option is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In the next argument, or right behind the option, as getopt(3) has it.
    Either,
    /// In the next argument only.
    Next,
    /// Right behind the option; the next argument is something else.
    Behind,
    /// In the next argument or right behind the option, after this character: `user:password`.
    After(char),
}

/// An option of a program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Announced {
    /// The option, or the word.
    pub(super) option: &'static str,
    /// Where the secret is.
    pub(super) form: Form,
}

/// A program with such options.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    names: &'static [&'static str],
    /// The subcommand that has the options; empty for all.
    pub(super) subcommand: &'static str,
    pub(super) options: &'static [Announced],
}

const fn option(option: &'static str, form: Form) -> Announced {
    Announced { option, form }
}

const PROGRAMS: [Known; 24] = [
    Known {
        names: &[
            "mysql",
            "mariadb",
            "mysqldump",
            "mariadb-dump",
            "mysqladmin",
            "mariadb-admin",
            "mysqlimport",
            "mysqlshow",
            "mysqlcheck",
            "mysqlsh",
        ],
        subcommand: "",
        options: &[option("-p", Form::Behind)],
    },
    Known {
        names: &[
            "sshpass",
            "mycli",
            "mongo",
            "mongosh",
            "mongodump",
            "mongorestore",
            "cqlsh",
        ],
        subcommand: "",
        options: &[option("-p", Form::Either)],
    },
    Known {
        names: &[
            "rdesktop",
            "mupdf",
            "youtube-dl",
            "yt-dlp",
            "evil-winrm",
            "ncftp",
        ],
        subcommand: "",
        options: &[option("-p", Form::Either)],
    },
    Known {
        names: &["7z", "7za", "7zr", "7zz", "rar", "unrar"],
        subcommand: "",
        options: &[option("-p", Form::Behind), option("-hp", Form::Behind)],
    },
    Known {
        names: &[
            "zip",
            "unzip",
            "zipinfo",
            "sqlcmd",
            "bcp",
            "mosquitto_pub",
            "mosquitto_sub",
        ],
        subcommand: "",
        options: &[option("-P", Form::Either)],
    },
    Known {
        names: &["ipmitool"],
        subcommand: "",
        options: &[option("-P", Form::Either)],
    },
    Known {
        names: &["irssi", "zathura"],
        subcommand: "",
        options: &[option("-w", Form::Either)],
    },
    Known {
        names: &["curl", "wget2"],
        subcommand: "",
        options: &[
            option("-u", Form::After(':')),
            option("--user", Form::After(':')),
            option("-U", Form::After(':')),
            option("--proxy-user", Form::After(':')),
            option("-x", Form::After(':')),
            option("-b", Form::After('=')),
        ],
    },
    Known {
        names: &["http", "https", "xh", "xhs"],
        subcommand: "",
        options: &[
            option("-a", Form::After(':')),
            option("--auth", Form::After(':')),
        ],
    },
    Known {
        names: &["smbclient", "rpcclient", "smbget", "net", "winexe"],
        subcommand: "",
        options: &[
            option("-U", Form::After('%')),
            option("--user", Form::After('%')),
        ],
    },
    Known {
        names: &["lftp"],
        subcommand: "",
        options: &[option("-u", Form::After(','))],
    },
    Known {
        names: &["redis-cli", "keydb-cli", "valkey-cli"],
        subcommand: "",
        options: &[option("-a", Form::Next)],
    },
    Known {
        names: &[
            "ldapsearch",
            "ldapadd",
            "ldapmodify",
            "ldapdelete",
            "ldapwhoami",
            "ldappasswd",
        ],
        subcommand: "",
        options: &[option("-w", Form::Either)],
    },
    Known {
        names: &[
            "xfreerdp",
            "xfreerdp3",
            "wlfreerdp",
            "sdl-freerdp",
            "sdl-freerdp3",
        ],
        subcommand: "",
        options: &[
            option("/p:", Form::Behind),
            option("/gp:", Form::Behind),
            option("/password:", Form::Behind),
        ],
    },
    Known {
        names: &[
            "docker", "podman", "skopeo", "buildah", "nerdctl", "helm", "oras", "az",
        ],
        subcommand: "login",
        options: &[option("-p", Form::Either)],
    },
    Known {
        names: &["vault"],
        subcommand: "login",
        options: &[option("login", Form::Next)],
    },
    Known {
        names: &["openssl"],
        subcommand: "",
        options: &[option("-k", Form::Next), option("-K", Form::Next)],
    },
    Known {
        names: &["snmpwalk", "snmpget", "snmpset", "snmpbulkwalk"],
        subcommand: "",
        options: &[option("-A", Form::Either), option("-X", Form::Either)],
    },
    Known {
        names: &["nmcli"],
        subcommand: "",
        options: &[
            option("password", Form::Next),
            option("802-11-wireless-security.psk", Form::Next),
            option("wifi-sec.psk", Form::Next),
        ],
    },
    Known {
        names: &["aws"],
        subcommand: "set",
        options: &[
            option("aws_secret_access_key", Form::Next),
            option("aws_session_token", Form::Next),
        ],
    },
    Known {
        names: &["ssh-keygen"],
        subcommand: "",
        options: &[option("-N", Form::Either), option("-P", Form::Either)],
    },
    Known {
        names: &["qpdf"],
        subcommand: "",
        options: &[option("--encrypt", Form::Next)],
    },
    Known {
        names: &["pdftotext", "pdftoppm", "pdfinfo", "pdftops"],
        subcommand: "",
        options: &[option("-upw", Form::Next), option("-opw", Form::Next)],
    },
    // Their `-p` is a port, whatever program's argument they are.
    Known {
        names: &["ssh", "scp", "sftp", "rsync", "mosh", "psql", "telnet"],
        subcommand: "",
        options: &[],
    },
];

/// The program of this name, without its directory.
pub(super) fn known(name: &str) -> Option<&'static Known> {
    PROGRAMS
        .iter()
        .find(|program| program.names.contains(&name))
}

/// Programs whose arguments are the names of keys, not keys.
pub(super) fn names_keys(name: &str) -> bool {
    matches!(
        name,
        "gpg" | "gpg2" | "gpgsm" | "git" | "apt-key" | "gpg-agent" | "pass" | "gopass"
    )
}
