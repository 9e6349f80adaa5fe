"""The list of parts of a bundle as CycloneDX 1.6, in JSON."""

from cyclonedx.exception.factory import InvalidSpdxLicenseException
from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from installer import parts
from installer.licences import Part


def cyclonedx(known: list[Part]) -> str:
    """The parts, named by package URLs, each a dependency of the program."""
    program = Component(
        name=parts.PROJECT,
        version=parts.version(),
        type=ComponentType.APPLICATION,
        bom_ref=parts.PROJECT,
        supplier=None,
        description="Invisible-mannequin and on-model pictures from a shoot.",
    )
    components = [_component(part) for part in known]
    bom = Bom(components=components)
    bom.metadata.component = program
    bom.register_dependency(program, components)
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1) + "\n"
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise SystemExit(f"The list of parts is not as CycloneDX wants it: {fault}")
    return text


def _component(part: Part) -> Component:
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.LIBRARY,
        bom_ref=part.purl,
        purl=PackageURL.from_string(part.purl),
        licenses=[_licence(part.licence)],
        external_references=[ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(part.home))],
    )


def _licence(words: str) -> License:
    factory = LicenseFactory()
    try:
        return factory.make_with_id(words)
    except InvalidSpdxLicenseException:
        return factory.make_from_string(words)
