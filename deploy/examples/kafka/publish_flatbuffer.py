#!/usr/bin/env python3
"""Publishes one command as a FlatBuffer, and waits for its outcome.

    publish_flatbuffer.py SERVERS GENERATED <command.json
                               needs confluent-kafka and flatbuffers

The command is read as JSON, for want of another source; GENERATED holds what
flatc made of the schema:

    flatc --python -o GENERATED schemas/command.fbs

Prints and exits as publish.py does, whose way to the topic it takes.
"""

import importlib
import sys

import flatbuffers
import publish

CONTENT_TYPE = "application/vnd.understudy.command+flatbuffers"

# Which fields are tables, or lists of them.
TABLES = {"create": "Create", "update": "Update", "scale": "Scale",
          "delete": "Delete", "spec": "EndpointSpec",
          "variants": "VariantSpec", "pools": "PoolSpec",
          "scaling": "ScalingPolicy", "targets": "ScalingTarget",
          "health": "HealthPolicy", "return_policy": "ReturnPolicy",
          "cool_down": "CoolDownPolicy", "environment": "EnvironmentVariable"}


def generated(table):
    """The module that flatc made for a table."""
    return importlib.import_module(f"understudy.fb.written.{table}")


def build(builder, table, fields):
    """Writes a table, what it holds first; where it stands."""
    held = {name: build_field(builder, name, value)
            for name, value in fields.items()}
    made = generated(table)
    getattr(made, f"{table}Start")(builder)
    for name, value in held.items():
        camel = "".join(part.capitalize() for part in name.split("_"))
        # A field that the schema does not have is an error here.
        getattr(made, f"{table}Add{camel}")(builder, value)
    return getattr(made, f"{table}End")(builder)


def build_field(builder, name, value):
    """A number as it is; of everything else where it stands."""
    if isinstance(value, str):
        return builder.CreateString(value)
    if isinstance(value, dict):
        return build(builder, TABLES[name], value)
    if isinstance(value, list):
        all_of = [build_field(builder, name, one) for one in value]
        builder.StartVector(4, len(all_of), 4)
        for one in reversed(all_of):  # FlatBuffers are built back to front.
            builder.PrependUOffsetTRelative(one)
        return builder.EndVector()
    return value


def as_flatbuffer(command):
    builder = flatbuffers.Builder()
    # No size in front of it, no identifier: the header says what it is.
    builder.Finish(build(builder, "Command", command))
    return bytes(builder.Output()), CONTENT_TYPE


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[2])
    sys.exit(publish.main(as_flatbuffer))
