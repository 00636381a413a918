"""Our models and the public schema, opentraces-schema 0.9.0, have the same wire form."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import MISSING, FrozenInstanceError, fields
from typing import Any

import opentraces_schema  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentraces_schema import models as public
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from opentraces.domain import attribution, environment, outcome, patch, step, trace
from opentraces.domain.built import built
from opentraces.domain.frozen import Frozen
from opentraces.domain.ids import canonical_bytes
from opentraces.domain.step import TokenUsage
from opentraces.domain.trace import SCHEMA_VERSION, TraceRecord
from tests.checked import checked, checked_json
from tests.strategies import models, trace_records

TWINS: dict[type[Frozen], type[BaseModel]] = {
    attribution.Attribution: public.Attribution,
    attribution.AttributionConversation: public.AttributionConversation,
    attribution.AttributionFile: public.AttributionFile,
    attribution.AttributionRange: public.AttributionRange,
    environment.Environment: public.Environment,
    environment.Interpreter: public.Interpreter,
    environment.Pin: public.PinRecord,
    environment.VersionControl: public.VCS,
    outcome.Outcome: public.Outcome,
    patch.GitAnchor: public.GitAnchor,
    patch.GitLink: public.GitLink,
    patch.Patch: public.Patch,
    step.Observation: public.Observation,
    step.Snippet: public.Snippet,
    step.Step: public.Step,
    step.TokenUsage: public.TokenUsage,
    step.ToolCall: public.ToolCall,
    trace.AgentInfo: public.Agent,
    trace.Metrics: public.Metrics,
    trace.SecurityState: public.SecurityMetadata,
    trace.Task: public.Task,
    trace.TraceRecord: public.TraceRecord,
}
OURS = pytest.mark.parametrize("ours", TWINS, ids=lambda model: model.__name__)
PAIRS = pytest.mark.parametrize(
    ("ours", "theirs"), TWINS.items(), ids=[model.__name__ for model in TWINS]
)
LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def shape(schema: Any, definitions: dict[str, Any]) -> Any:
    """A JSON schema without what does not reach the wire: names, prose, defaults, closedness."""
    if isinstance(schema, list):
        return [shape(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return shape(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    kept = {
        key: shape(value, definitions)
        for key, value in schema.items()
        if key not in ("$defs", "title", "description", "default", "properties", "required")
        and not (key == "additionalProperties" and isinstance(value, bool))
    }
    if "properties" in schema:
        parts = schema["properties"].items()
        kept["properties"] = {name: shape(part, definitions) for name, part in parts}
        kept["required"] = sorted(schema.get("required", ()))
    return kept


def wire_shape(model: Any) -> Any:
    schema = TypeAdapter(model).json_schema()
    return shape(schema, schema.get("$defs", {}))


def defaults(model: type[BaseModel] | type[Frozen]) -> dict[str, Any]:
    if issubclass(model, Frozen):
        return {
            each.name: to_jsonable_python(
                each.default_factory() if each.default is MISSING else each.default
            )
            for each in fields_of(model)
            if each.name not in required(model)
        }
    return {
        name: to_jsonable_python(field.get_default(call_default_factory=True, validated_data={}))
        for name, field in model.model_fields.items()
        if not field.is_required()
    }


def fields_of(model: type[Frozen]) -> tuple[Any, ...]:
    return fields(model)  # type: ignore[arg-type]


def required(model: type[BaseModel] | type[Frozen]) -> set[str]:
    if issubclass(model, Frozen):
        return {
            each.name
            for each in fields_of(model)
            if each.default is each.default_factory is MISSING
        }
    return {name for name, field in model.model_fields.items() if field.is_required()}


def instances(value: Any) -> Iterator[Frozen]:
    """A value and all values in it."""
    if isinstance(value, Frozen):
        yield value
        for inner in vars(value).values():
            yield from instances(inner)
    elif isinstance(value, tuple):
        for item in value:
            yield from instances(item)


def assert_survives_the_public_schema(record: TraceRecord) -> None:
    wire = record.as_json()
    theirs = public.TraceRecord.model_validate(wire)

    # As bytes, for 1 == 1.0 == True.
    assert canonical_bytes(theirs.model_dump(mode="json")) == canonical_bytes(wire)
    assert checked_json(TraceRecord, theirs.model_dump_json()) == record
    assert built(TraceRecord, wire) == record


def test_version_is_that_of_the_public_schema() -> None:
    assert SCHEMA_VERSION == opentraces_schema.SCHEMA_VERSION == "0.9.0"


def test_no_public_model_lacks_a_twin() -> None:
    theirs = {
        model
        for model in vars(public).values()
        if inspect.isclass(model) and issubclass(model, BaseModel) and model is not BaseModel
    }

    assert theirs == set(TWINS.values())


@settings(max_examples=1, database=None, deadline=None, suppress_health_check=LARGE)
@given(record=trace_records(full=True))
def test_no_model_of_ours_lacks_a_twin(record: TraceRecord) -> None:
    assert {type(value) for value in instances(record)} == set(TWINS)


@PAIRS
def test_fields_are_those_of_the_twin(ours: type[Frozen], theirs: type[BaseModel]) -> None:
    assert [each.name for each in fields_of(ours)] == list(theirs.model_fields)


@PAIRS
def test_required_fields_are_those_of_the_twin(ours: type[Frozen], theirs: type[BaseModel]) -> None:
    assert required(ours) == required(theirs)


@PAIRS
def test_json_schema_is_that_of_the_twin(ours: type[Frozen], theirs: type[BaseModel]) -> None:
    assert wire_shape(ours) == wire_shape(theirs)


@PAIRS
def test_defaults_are_those_of_the_twin(ours: type[Frozen], theirs: type[BaseModel]) -> None:
    assert defaults(ours) == defaults(theirs)


@settings(max_examples=20, deadline=None, suppress_health_check=LARGE)
@given(record=trace_records(full=True))
def test_record_with_every_field_filled_survives_the_public_schema(record: TraceRecord) -> None:
    empty = [
        f"{type(value).__name__}.{name}"
        for value in instances(record)
        for name in vars(value)
        if getattr(value, name) in (None, (), {})
    ]

    assert empty == []
    assert_survives_the_public_schema(record)


@settings(max_examples=100, deadline=None, suppress_health_check=LARGE)
@given(record=trace_records())
def test_any_record_survives_the_public_schema(record: TraceRecord) -> None:
    assert_survives_the_public_schema(record)


@OURS
@settings(max_examples=3, deadline=None, suppress_health_check=LARGE)
@given(data=st.data())
def test_model_is_frozen(ours: type[Frozen], data: st.DataObject) -> None:
    value = data.draw(models(ours))
    name = fields_of(ours)[0].name

    with pytest.raises(FrozenInstanceError, match="frozen"):
        setattr(value, name, getattr(value, name))


@OURS
def test_model_is_closed(ours: type[Frozen]) -> None:
    with pytest.raises(ValidationError) as raised:
        checked(ours, {"unheard_of": 1})

    assert ("unexpected_keyword_argument", ("unheard_of",)) in [
        (error["type"], error["loc"]) for error in raised.value.errors()
    ]


@OURS
def test_model_holds_tuples_not_lists(ours: type[Frozen]) -> None:
    assert [each.name for each in fields_of(ours) if "list[" in repr(each.type)] == []


@OURS
def test_every_field_has_a_docstring(ours: type[Frozen]) -> None:
    body = ast.parse(textwrap.dedent(inspect.getsource(ours))).body[0]
    assert isinstance(body, ast.ClassDef)
    bare = [
        ast.unparse(node.target)
        for node, following in zip(body.body, [*body.body[1:], None], strict=True)
        if isinstance(node, ast.AnnAssign)
        and not (
            isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
            and isinstance(following.value.value, str)
        )
    ]

    assert bare == []


@given(first=models(TokenUsage), second=models(TokenUsage))
def test_usage_adds_field_by_field(first: TokenUsage, second: TokenUsage) -> None:
    total = first + second

    assert total.as_json() == {
        name: getattr(first, name) + getattr(second, name) for name in vars(first)
    }


@given(usage=models(TokenUsage))
def test_no_usage_is_the_zero_of_addition(usage: TokenUsage) -> None:
    assert usage + TokenUsage() == TokenUsage() + usage == usage
