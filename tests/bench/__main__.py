"""All benchmarks, one after the other."""

from tests.bench import alarms, fanout

alarms.run()
fanout.run()
