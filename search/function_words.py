"""Words of several languages that say little by themselves."""

_FUNCTION_WORDS = """
a an and are as at be but by for from has have in into is it its my of on or that the their this to was
were which with what who whom whose when where why how does did do done can could would should will been
being not if than then there
der die das den dem des ein eine einen einem einer und oder mit von zu im in am auf ist sind
le la les un une des du de et ou avec dans sur est sont au aux
el los las una y o con en es son por para il lo gli di da che per non het een van op te zijn
os um uma com no na e do dos
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that say little by themselves: a page is not a find because it holds "the"."""
