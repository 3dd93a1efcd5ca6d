import re,sys
sys.path.insert(0,"/work/main")
from nlp.markup import parse
T=dict(aw="awareness",st="staff",ti="timeliness",co="content",re="response",pl="platforms",nm="new_media",pa="participation",rq="requests",ru="rules",su="supervision",cd="coordination",sd="standards",gr="grassroots",pu="publicity",da="data",se="secrecy",ot="other")
T["in"]="interpretation"
K=dict(p="problem",l="plan",r="remedy")
def exp(m):
    c=m.group(1)
    if c=="n": return "[[neither|"+m.group(2)+"]]"
    return f"[[{K[c[0]]}:{T[c[1:]]}|{m.group(2)}]]"
out=[]
for n,l in enumerate(sys.stdin,1):
    l=l.strip()
    if not l: continue
    l=l.replace("}。","。}")
    try: x=re.sub(r"\{([a-z]+)\|([^{}]*)\}",exp,l)
    except KeyError as e: print("BADCODE",n,e,l[:60]); continue
    if "{" in x or "}" in x: print("BRACE",n,l[:80])
    t,ms=parse(x)
    if not 1<=len(ms)<=4: print("COUNT",n,len(ms),l[:60])
    for m in ms:
        c=t[m.start:m.end]
        if c[-1] in "；，、：;": print("ENDS",c)
        if t[m.end:m.end+1]=="。": print("STOP OUTSIDE",c)
        if re.match(r"[一二三四五六七八九]是|首先|其次|（[一二三四五]）|\d[.．、]|第[一二三]",c): print("ORD",c)
    out.append(x)
open("items.txt","a").write("\n".join(out)+"\n")
import collections
full=open("items.txt").read(); 
k=collections.Counter(re.findall(r"\[\[(\w+)",full)); print(dict(k),sum(k.values()))
