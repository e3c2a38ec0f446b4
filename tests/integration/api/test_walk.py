from tests.fixtures import *
def test_x(initiative, lena, ravi, query_count):
    o = make_ready(initiative, lena, ravi)
    assert o.standing.verdict == "ready"
    print(o.standing.blockers, o.standing.next_actions, o.gates[0].criteria, [ (f.code,f.details) for f in o.flags])
