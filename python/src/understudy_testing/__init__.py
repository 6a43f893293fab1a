"""Starts an Understudy node for tests, and commands it."""

from .node import ControlRefused, Node, NodeFailed, Participant

__all__ = ["ControlRefused", "Node", "NodeFailed", "Participant"]
