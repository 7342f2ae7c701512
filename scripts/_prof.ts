import { compile, setDefaultHasher, byteLength, mergeAdditions, readOnnx, writeOnnx } from '@essaim/protocol';
import { commitTrace, Executor, nativeHasher, committedBytes } from '@essaim/runtime';
import { gaussian, transformer } from './bench/models.ts';
import { random } from '../test/random.ts';
setDefaultHasher(nativeHasher);
const big = process.argv[2]==='100'; const w=big?768:384;
const orig = big? transformer({ tokens: 128, width: 768, heads: 12, layers: 14 }) : transformer({ tokens: 128, width: 384, heads: 6, layers: 6 });
const input=gaussian(128*w,1,random(3)); const bytes=[new Uint8Array(input.buffer)];
const merged = writeOnnx(mergeAdditions(readOnnx(orig)));
const p0 = await Executor.open(compile(orig), orig);
const med=(a:number[])=>a.toSorted((x,y)=>x-y)[a.length>>1];
for (const [name,onnx] of [['orig',orig],['merged',merged]] as const) {
const program = compile(onnx);
let b=0,t=0; program.values.forEach((v,i)=>{const n=byteLength(v.type); t+=n; if(program.boundary[i]) b+=n;});
console.log(name,'ops', program.operators.length, 'segs', program.segments.length,'boundary MB', b/1e6, 'all', t/1e6);
if(name==='merged') for (const s of program.segments.slice(1,3)){ console.log(JSON.stringify(s)); for(let i=0;i<s.opCount;i++){const op=program.operators[s.firstOp+i]; console.log(' ',op.name, op.outputTypes[0].dims.join('x'), op.outputTypes[0].layout, program.boundary[op.firstValue]?'BOUNDARY':'');}}
const traced = await Executor.open(program, onnx, { trace: true });
const plain = await Executor.open(program, onnx);
const A:number[]=[],B:number[]=[],C:number[]=[],D:number[]=[],O:number[]=[];
for(let i=0;i<(big?11:31);i++){ let s=performance.now(); await plain.run(bytes); A.push(performance.now()-s);
 s=performance.now(); await p0.run(bytes); O.push(performance.now()-s);
 s=performance.now(); const r=await traced.run(bytes); B.push(performance.now()-s);
 s=performance.now(); committedBytes(program,bytes,r); D.push(performance.now()-s);
 s=performance.now(); commitTrace(program,bytes,r); C.push(performance.now()-s);}
console.log('orig plain',med(O).toFixed(2),'plain',med(A).toFixed(2),'traced',med(B).toFixed(2),'commit',med(C).toFixed(2),'of which bytes', med(D).toFixed(2),'ratio',((med(B)+med(C))/med(A)).toFixed(3),'to orig',((med(B)+med(C))/med(O)).toFixed(3));
}
