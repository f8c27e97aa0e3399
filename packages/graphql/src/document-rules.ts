/** Validation rules that stand in for those of graphql-js whose messages repeat values or differ between its versions. */
import {
  type ASTVisitor,
  GraphQLError,
  isInputType,
  isRequiredArgument,
  NoSchemaIntrospectionCustomRule,
  ProvidedRequiredArgumentsRule,
  specifiedRules,
  typeFromAST,
  type ValidationContext,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
} from 'graphql'
import type { FieldProblem } from './api-error.ts'
import { literalProblems } from './input-problems.ts'

/** The rules of the specification, with or without leave to ask for the schema itself. */
export function documentRules(introspection: boolean): readonly ValidationRule[] {
  const replaced = new Set<ValidationRule>([ValuesOfCorrectTypeRule, ProvidedRequiredArgumentsRule])
  return [
    ...specifiedRules.filter((rule) => !replaced.has(rule)),
    literalValuesRule,
    requiredArgumentsRule,
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ]
}

function literalValuesRule(context: ValidationContext): ASTVisitor {
  return {
    Argument(node) {
      const argument = context.getArgument()
      if (!argument) return
      for (const problem of literalProblems(argument.type, node.value, [node.name.value])) {
        report(context, problem, node)
      }
    },
    VariableDefinition(node) {
      const type = typeFromAST(context.getSchema(), node.type as never)
      if (!node.defaultValue || !isInputType(type)) return
      for (const problem of literalProblems(type, node.defaultValue, [node.variable.name.value])) {
        report(context, problem, node)
      }
    },
  }
}

function requiredArgumentsRule(context: ValidationContext): ASTVisitor {
  return {
    Field: {
      leave(node) {
        const field = context.getFieldDef()
        if (!field) return
        const given = new Set(node.arguments?.map((argument) => argument.name.value))
        for (const argument of field.args) {
          if (isRequiredArgument(argument) && !given.has(argument.name)) {
            report(context, { path: [argument.name], message: 'is required' }, node)
          }
        }
      },
    },
    Directive: {
      leave(node) {
        const directive = context.getDirective()
        if (!directive) return
        const given = new Set(node.arguments?.map((argument) => argument.name.value))
        for (const argument of directive.args) {
          if (isRequiredArgument(argument) && !given.has(argument.name)) {
            report(
              context,
              { path: [`@${directive.name}`, argument.name], message: 'is required' },
              node,
            )
          }
        }
      },
    },
  }
}

function report(
  context: ValidationContext,
  problem: FieldProblem,
  nodes: NonNullable<ConstructorParameters<typeof GraphQLError>[1]> extends infer O
    ? O extends { nodes?: infer N }
      ? N
      : never
    : never,
): void {
  context.reportError(
    new GraphQLError(`${problem.path.join('.')}: ${problem.message}`, {
      nodes: nodes ?? null,
      extensions: { code: 'BAD_INPUT', fields: [problem] },
    }),
  )
}
