"""The demo: a sample organisation whose service desk is the real ServiceNow log of `samples/`, moved to these days."""

from zhiheng.web.services.demo.people import DEMO_PASSWORD, PEOPLE, DemoPerson, demo_people
from zhiheng.web.services.demo.setup import load_sample, set_up_demo

__all__ = ["DEMO_PASSWORD", "PEOPLE", "DemoPerson", "demo_people", "load_sample", "set_up_demo"]
