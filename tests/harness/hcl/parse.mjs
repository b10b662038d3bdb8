// parse.mjs: standard input is a file of Terraform's, standard output the same as JSON; exit code 1 and the parser's words where it is none.
// The parser is HashiCorp's own, compiled to WebAssembly by the package. MPL-2.0: run by tests as a program of its own.
import { text } from 'node:stream/consumers'
import hcl from '@cdktf/hcl2json'

try {
  process.stdout.write(JSON.stringify(await hcl.parse('main.tf', await text(process.stdin))))
} catch (wrong) {
  console.error(`${wrong}`)
  process.exitCode = 1
}
