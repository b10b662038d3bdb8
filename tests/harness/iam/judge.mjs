// judge.mjs: standard input is a JSON array of simulations as @cloud-copilot/iam-simulate takes them; standard output is an array of
// "Allowed", "ImplicitlyDenied", "ExplicitlyDenied", or "Error: ...".
//
// runSimulation knows pairs of the encryption context by none of their names (it holds the template against the name) and leaves them out,
// and runUnsafeSimulation takes no policy of a resource. So the first is asked whether policies, action, resource and all other keys are
// valid, and the package's engine, which both of them call, is asked for the verdict. The lock file pins the path.
import { text } from 'node:stream/consumers'
import { loadPolicy } from '@cloud-copilot/iam-policy'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const engine = new URL('node_modules/@cloud-copilot/iam-simulate/dist/esm/', import.meta.url)
const { authorize } = await import(new URL('core_engine/CoreSimulatorEngine.js', engine))
const { AwsRequestImpl } = await import(new URL('request/request.js', engine))
const { RequestContextImpl } = await import(new URL('requestContext.js', engine))
const { DiscoveryContextKeyConstraints } = await import(new URL('context_keys/discoveryContextKeyConstraints.js', engine))

async function judge(simulation) {
  const checked = await runSimulation(simulation, {})
  if (checked.resultType === 'error') return `Error: ${JSON.stringify(checked.errors)}`
  const unknown = checked.result.ignoredContextKeys.filter((key) => !key.toLowerCase().startsWith('kms:encryptioncontext:'))
  if (unknown.length > 0) return `Error: no such context for ${simulation.request.action}: ${unknown}`
  const { action, contextVariables, principal, resource } = simulation.request
  return authorize({
    request: new AwsRequestImpl(principal, resource, action, new RequestContextImpl(contextVariables)),
    identityPolicies: simulation.identityPolicies.map((one) => loadPolicy(one.policy, { name: one.name })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: loadPolicy(simulation.resourcePolicy, { name: 'resource' }),
    simulationParameters: { simulationMode: 'Strict', discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([]) },
    serviceSettings: {},
  }).result
}

const simulations = JSON.parse(await text(process.stdin))
console.log(JSON.stringify(await Promise.all(simulations.map(judge))))
