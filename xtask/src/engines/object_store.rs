use std::path::PathBuf;

use anyhow::Result;

use super::python;

/// Moto's server, which speaks S3 as Amazon's clients expect it, pinned with what it needs for that.
const REQUIREMENTS: [&str; 27] = [
    "moto==5.2.5",
    "boto3==1.44.8",
    "botocore==1.44.8",
    "s3transfer==0.19.3",
    "jmespath==1.1.0",
    "python-dateutil==2.9.0.post0",
    "six==1.17.0",
    "urllib3==2.8.0",
    "requests==2.34.2",
    "certifi==2026.10.19.post1",
    "charset-normalizer==3.5.3",
    "idna==3.20",
    "responses==0.26.3",
    "PyYAML==6.0.4",
    "xmltodict==1.0.4",
    "Werkzeug==3.1.9",
    "MarkupSafe==3.0.4",
    "Jinja2==3.1.6",
    "cryptography==50.0.2",
    "cffi==2.1.1",
    "pycparser==3.12",
    "Flask==3.1.3",
    "flask-cors==6.0.5",
    "blinker==1.9.0",
    "click==8.5.1",
    "itsdangerous==2.2.0",
    "py-partiql-parser==0.6.3",
];

/// A Python that has it.
pub(crate) fn obtain() -> Result<PathBuf> {
    python::with("moto", "object store", &REQUIREMENTS)
}
