"""Check every answer before a file is written, and name all faults at once.

Cookiecutter runs this file after it filled in the answers, in `main`. It uses nothing but the
standard library, since it runs in whichever environment Cookiecutter lives in.
"""

import json
import keyword
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator

Answers = dict[str, str]

CHOICES = {
    "license": ("MIT", "Apache-2.0", "BSD-3-Clause", "Proprietary"),
    "python_version": ("3.11", "3.12", "3.13"),
    "dvc_remote": ("none", "local", "s3", "gs", "azure", "ssh"),
}

TEXT_EXAMPLES = {
    "project_name": "Flight delays",
    "description": "Tells which flights will arrive late.",
    "business_goal": "Warn passengers of late flights in time.",
    "author_name": "Ada Lovelace",
}

# Unicode's names for what TOML, YAML or Markdown forbid, or show as something else.
CONTROLS_AND_LINE_BREAKS = {"Cc", "Cs", "Zl", "Zp"}
CHANGES_OF_DIRECTION = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}

# Cookiecutter always shows where it stopped, whoever stopped it.
CLOSING_LINE = "No project was made: mend these answers. The traceback below is only how it stops."

# A longer name makes lines of generated code so long that their formatting would change.
MAX_SLUG_LENGTH = 40
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

EMAIL = re.compile(r"[\w!#$%&'*+/=?^`|~-]+(\.[\w!#$%&'*+/=?^`|~-]+)*@([\w-]+\.)+[\w-]*\w")
GITHUB_OWNER = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
MAX_GITHUB_OWNER_LENGTH = 39

REMOTES = {
    "local": (re.compile(r"(?!.*://).+"), "../dvc-storage"),
    "s3": (re.compile(r"s3://[^\s/@:?]+(/[^\s?]*)?"), "s3://bucket/path"),
    "gs": (re.compile(r"gs://[^\s/@:?]+(/[^\s?]*)?"), "gs://bucket/path"),
    "azure": (re.compile(r"azure://[^\s/@:?]+(/[^\s?]*)?"), "azure://container/path"),
    "ssh": (
        re.compile(r"ssh://([^\s/@:?]+@)?([^\s/@:?]+|\[[\da-fA-F:]+\])(:\d+)?/[^\s?]*"),
        "ssh://user@host/path",
    ),
}
# What DVC's configuration file takes for a comment, a quoted text, a list or a variable.
UNSAFE_IN_CONFIG = re.compile(r"[#;,\"'`]|%\(|^\s|\s$")
# A password between user and host; digits before a slash are a port.
SECRET = re.compile(r"(?<=://)[^/@]*:(?!\d+/).*(?=@)")

# What lies in the environment of a generated project: distributions, modules and commands.
DEPENDENCIES = frozenset(
    """
    activate-global-python-argcomplete adlfs aiobotocore aiohappyeyeballs aiohttp aiohttp-retry
    aioitertools aiosignal alembic altair amqp annotated-doc annotated-types antlr4
    antlr4-python3-runtime anyio appdirs argcomplete arrow ast-serialize asyncssh atpublic attr
    attrs azure azure-core azure-identity azure-storage-blob backend-test-tools bcrypt billiard
    binaryornot boolean boolean-py botocore cachecontrol celery certifi cffi cffi-gen-src cfgv
    charset-normalizer check-added-large-files check-ast check-builtin-literals
    check-case-conflict check-docstring-first check-executables-have-shebangs check-json
    check-merge-conflict check-model check-node check-shebang-scripts-are-executable
    check-symlinks check-toml check-vcs-permalinks check-xml check-yaml click click-didyoumean
    click-plugins click-repl cloudpickle cmarkgfm colorama colorlog configobj cookiecutter coverage
    coverage3 cruft cryptography cyclonedx cyclonedx-python-lib dask dateutil
    debug-statement-hook decorator defusedxml destroyed-symlinks detect-aws-credentials
    detect-private-key detect-secrets detect-secrets-hook dictdiffer diskcache distlib
    distributed distro dmypy doesitcache dotenv double-quote-string-fixer dpath duckdb dulwich
    dvc dvc-azure dvc-data dvc-gs dvc-http dvc-objects dvc-render dvc-s3 dvc-ssh
    dvc-studio-client dvc-task dvclive end-of-file-fixer entrypoints example execnet f2py
    fastapi fastjsonschema file-contents-sorter filelock fix-byte-order-marker flatbuffers
    flatten-dict flit-core flufl flufl-lock forbid-new-submodules frozenlist fsspec funcy gcsfs
    git gitdb gitpython google google-api-core google-auth google-auth-oauthlib
    google-cloud-core google-cloud-storage google-cloud-storage-control google-crc32c
    google-oauthlib-tool google-resumable-media googleapis-common-protos grandalf grpc
    grpc-google-iam-v1 grpc-status grpcio grpcio-status gto h11 httpcore httptools httpx hydra
    hydra-core hypothesis identify identify-cli idna images importlib-metadata iniconfig isodate
    iterative-telemetry jinja2 jmespath joblib jsonschema jsonschema-specifications jupyter
    jupyter-core jupyter-migrate jupyter-troubleshoot jupyter-trust jwt knack kombu
    lazy-importer librt license-expression lightgbm llvmlite locket mako mako-render markdown-it
    markdown-it-py markupsafe mdurl mixed-line-ending ml-dtypes msal msal-extensions msgpack
    multidict mypy mypy-extensions mypyc name-tests-test narwhals nbformat nbstripout networkx
    no-commit-to-branch nodeenv normalizer numba numpy numpy-config nvidia-ml-py oauthlib
    omegaconf onnx onnxmltools onnxruntime onnxruntime-test opentelemetry opentelemetry-api
    optuna orjson packageurl packageurl-python packaging packaging-legacy-version pandas
    pandas-stubs pandera partd pathspec pip-api pip-audit pip-requirements-parser platformdirs
    pluggy pre-commit pre-commit-hooks pre-commit-hooks-removed pretty-format-json prettytable
    prometheus-client prompt-toolkit propcache proto proto-plus protobuf psutil psycopg
    psycopg-binary public py py-serializable py-test pyarrow pyasn1 pyasn1-modules pycparser
    pydantic pydantic-core pydantic-settings pydevd-plugins pydot pygit2 pygmentize pygments pygtrie
    pyjwt pynvml pyparsing pysemver pytest pytest-cov pytest-xdist python-dateutil python-discovery
    python-dotenv python-slugify pyyaml referencing register-python-argcomplete requests
    requests-oauthlib requirements-txt-fixer rich rpds rpds-py ruamel ruamel-yaml ruamel-yaml-clib
    ruff s3fs scikit-learn scipy scmrepo semver setuptools shap shellingham shortuuid shtab six
    skl2onnx sklearn skops slicer slugify smmap sort-simple-yaml sortedcontainers sqlalchemy sqltrie
    sshfs starlette stubgen stubtest tabulate tblib text-unidecode threadpoolctl tlz tomli tomli-w
    tomlkit toolz tornado tqdm trailing-whitespace-fixer traitlets typeguard typer types-pyyaml
    typing-extensions typing-inspect typing-inspection tzdata tzlocal urllib3 uvicorn validate vine
    virtualenv vl-convert vl-convert-python voluptuous wcwidth wrapt wrapt-stubs xdist yaml
    yaml-stubs yarl zc zc-lockfile zict zipp
    """.split()
)

COMMANDS = frozenset(
    """
    activate alias awk aws az bash bg buildah cat cd chmod chown clear cmd conda cp curl date
    deactivate declare df diff dir do docker done du echo env esac eval exec exit export false fc fg
    fi file find function gcloud getopts gh git grep gsutil head helm history hostname id install ip
    jobs kill kubectl less let link ln local ls make mamba man md mkdir more mv node npm npx perl
    pip pip3 podman poetry powershell ps pwd pwsh python python3 read readonly reboot return rm
    rmdir rsync ruby scp sed set sh shift sort source ssh start su sudo tail tar tee terraform
    test then time top touch trap true ulimit umask unalias uname uniq unset unzip until uv uvx wait
    wc wget where which who whoami xargs yes zip zsh
    """.split()
)

# Tools skip folders of these names, or run modules of these names by themselves.
SPECIAL = frozenset(
    """
    buck-out build conftest dist env node-modules site-packages sitecustomize src test tests
    usercustomize venv
    """.split()
)

WINDOWS_DEVICES = frozenset(
    ["aux", "con", "nul", "prn", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)

# Modules that some of the offered Python versions have and the one running this may lack.
OLDER_STANDARD_LIBRARY = frozenset(
    """
    aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap msilib
    nis nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib
    """.split()
)


def fault(answer: str, value: str, rule: str, example: str) -> str:
    """Say in one line what is wrong with an answer and what would be right."""
    shown = SECRET.sub("***", value)
    quoted = json.dumps(shown, ensure_ascii=any(map(is_unprintable, shown)))
    return f"{answer} is {quoted}: {rule}. Valid: {example}"


def is_unprintable(character: str) -> bool:
    """Tell whether a character breaks generated files, or hides what they say."""
    return (
        unicodedata.category(character) in CONTROLS_AND_LINE_BREAKS
        or unicodedata.bidirectional(character) in CHANGES_OF_DIRECTION
        or character in "\ufffe\uffff"
    )


def text_rule(value: str) -> str | None:
    """Return the rule for free text that a value breaks, or None."""
    if not value.strip():
        return "it must not be empty"
    if any(is_unprintable(character) for character in value):
        return "it must be one line without control characters"
    if any(character in "{}" for character in value):
        return "it must not hold braces, which templates take for their own"
    if value != value.strip():
        return "it must not start or end with a space"
    return None


def check_texts(answers: Answers) -> Iterator[str]:
    """Yield a fault for each free text that can't stand in the generated files."""
    for answer, example in TEXT_EXAMPLES.items():
        rule = text_rule(answers[answer])
        if rule:
            yield fault(answer, answers[answer], rule, example)


def reserved_as(slug: str) -> str | None:
    """Return what a slug, or the package named after it, is already the name of, or None."""
    package = slug.replace("-", "_")
    uses = {
        "a Python keyword": keyword.iskeyword(package) or package in keyword.softkwlist,
        "a module of Python's standard library": package in sys.stdlib_module_names
        or package in OLDER_STANDARD_LIBRARY,
        "a package or command that the project installs": slug in DEPENDENCIES,
        "a command that it would hide": slug in COMMANDS,
        "a name that Python's tools treat specially": slug in SPECIAL,
        "a name that Windows refuses": slug in WINDOWS_DEVICES,
    }
    return next((use for use, applies in uses.items() if applies), None)


def slug_rule(slug: str) -> str | None:
    """Return the rule for slugs that a slug breaks, or None."""
    if not SLUG.fullmatch(slug):
        return (
            f'its slug would be "{slug}", but must start with a letter a-z and hold only a-z, 0-9 '
            "and single hyphens"
        )
    if len(slug) > MAX_SLUG_LENGTH:
        return (
            f'its slug "{slug}" has {len(slug)} characters, but may have at most {MAX_SLUG_LENGTH}'
        )
    use = reserved_as(slug)
    return use and f'its slug "{slug}" is {use}'


def check_slug(answers: Answers) -> Iterator[str]:
    """Yield a fault when folder, command and package can't be named after the project."""
    name = answers["project_name"]
    rule = slug_rule(answers["__project_slug"])
    # An empty name has been reported as an empty text.
    if rule and name.strip():
        yield fault("project_name", name, rule, TEXT_EXAMPLES["project_name"])


def check_email(answers: Answers) -> Iterator[str]:
    """Yield a fault when no mail would reach the address."""
    if not EMAIL.fullmatch(answers["email"]):
        rule = "it must be an email address, name@host.domain"
        yield fault("email", answers["email"], rule, "you@example.com")


def check_github_owner(answers: Answers) -> Iterator[str]:
    """Yield a fault when GitHub would refuse the name of the user or organisation."""
    owner = answers["github_owner"]
    if not GITHUB_OWNER.fullmatch(owner) or len(owner) > MAX_GITHUB_OWNER_LENGTH:
        rule = (
            "GitHub's names hold only letters, digits and single hyphens, with at most "
            f"{MAX_GITHUB_OWNER_LENGTH} characters"
        )
        yield fault("github_owner", owner, rule, "your-organisation")


def check_choices(answers: Answers) -> Iterator[str]:
    """Yield a fault for each choice that is not on offer, as Cookiecutter's API lets some pass."""
    for answer, choices in CHOICES.items():
        if answers[answer] not in choices:
            rule = f"it must be one of {', '.join(choices)}"
            yield fault(answer, answers[answer], rule, choices[0])


def remote_rule(kind: str, url: str) -> str | None:
    """Return the rule for addresses of a kind of DVC remote that an address breaks, or None."""
    pattern, example = REMOTES[kind]
    if not url:
        return f"the remote {kind} needs an address"
    if SECRET.search(url):
        return "it goes into Git, so it must hold no password; `dvc remote modify --local` takes it"
    if UNSAFE_IN_CONFIG.search(url) or text_rule(url):
        return "it must hold no quotes, braces, line breaks or any of # ; , %( and no outer spaces"
    if not pattern.fullmatch(url):
        return f"an address of the remote {kind} must look like {example}"
    return None


def check_remote_url(answers: Answers) -> Iterator[str]:
    """Yield a fault when kind and address of the DVC remote don't belong together."""
    kind, url = answers["dvc_remote"], answers["dvc_remote_url"]
    if kind == "none" and url:
        rule = "it must be empty when dvc_remote is none; choose its kind or leave it empty"
        yield fault("dvc_remote_url", url, rule, '""')
    elif kind in REMOTES and (broken := remote_rule(kind, url)):
        yield fault("dvc_remote_url", url, broken, REMOTES[kind][1])


CHECKS: tuple[Callable[[Answers], Iterator[str]], ...] = (
    check_texts,
    check_slug,
    check_email,
    check_github_owner,
    check_choices,
    check_remote_url,
)


def find_faults(answers: Answers) -> list[str]:
    """Return one line for each fault, in the order of the questions."""
    return [line for check in CHECKS for line in check(answers)]


def main() -> int:
    """Print what is wrong with the answers, and return 1 if anything is."""
    # No three quotes in a row occur in JSON, and the raw text keeps its backslashes.
    answers: Answers = json.loads(r"""{{ cookiecutter | jsonify }}""")
    faults = find_faults(answers)
    for line in faults:
        print(line, file=sys.stderr)
    if faults:
        print(CLOSING_LINE, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
