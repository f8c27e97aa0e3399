/** The variables of a request against their types: every value that is wrong, by its path, and never repeated. */
import { type GraphQLSchema, isInputType, type OperationDefinitionNode, typeFromAST } from 'graphql'
import { ApiError, type FieldProblem } from './api-error.ts'
import { valueProblems } from './input-problems.ts'

/** @throws {ApiError} `BAD_INPUT` with the fields that are wrong */
export function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  if (!operation.variableDefinitions?.length) return
  const problems: FieldProblem[] = []
  for (const { variable, type: node, defaultValue } of operation.variableDefinitions) {
    const name = variable.name.value
    const type = typeFromAST(schema, node as never)
    if (!isInputType(type)) continue
    const given = Object.hasOwn(variables, name) ? variables[name] : undefined
    if (given === undefined && defaultValue) continue
    problems.push(...valueProblems(type, given, [name]))
  }
  if (problems.length === 0) return
  const shown = problems.slice(0, 20)
  const text = shown.map(({ path, message }) => `$${path.join('.')}: ${message}`).join('; ')
  throw new ApiError('BAD_INPUT', text, { fields: shown })
}
