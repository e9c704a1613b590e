package gfn_test
import ("testing";"time";"math";"sort";"gfnbench/gfn";"gfnbench/gfn/env";"gfnbench/gfn/exact")
func TestZZ(t *testing.T){
 for _,n:=range []int{5,7} {
  in,_:=gfn.NewInstance("phylo",env.Params{"instance_seed":1,"species":n})
  g,_:=in.Graph(4000000); _ = exact.Quantile
  lr:=append([]float64(nil),g.LogRewards()...); sort.Sort(sort.Reverse(sort.Float64Slice(lr)))
  z:=in.Env.LogZ(); h:=0.0; for _,l:=range lr { p:=math.Exp(l-z); h-=p*(l-z) }
  t.Log(n, "top p", math.Exp(lr[0]-z), math.Exp(lr[1]-z), math.Exp(lr[2]-z), math.Exp(lr[9]-z),"perplexity",math.Exp(h), "logZ", z)
 }
 for _, tc := range []struct{kind, pol string; p env.Params; steps int; lr float64}{
  {"phylo","gin",env.Params{"instance_seed":1,"species":5},1500,1e-3},
  {"phylo","gin",env.Params{"instance_seed":1,"species":5},1500,1e-2},
  {"phylo","mlp",env.Params{"instance_seed":1,"species":5},1500,1e-2},
 }{
  s:=base("reverse-kl","loo"); s.Policy.Kind=tc.pol; s.Steps=tc.steps; s.Batch=64; s.EvalEvery=tc.steps/2; s.Optimizer.LR=tc.lr
  t0:=time.Now(); rows:=train(t,s,tc.kind,tc.p)
  for _,r:=range rows { t.Log(tc.kind,tc.pol,r.Step, r.Metrics[gfn.L1].Value, "elbo",r.Metrics[gfn.ELBO].Value) }
  t.Log(time.Since(t0))
 }
}
