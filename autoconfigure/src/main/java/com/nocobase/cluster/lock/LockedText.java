package com.nocobase.cluster.lock;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.ParserContext;
import org.springframework.expression.common.CompositeStringExpression;
import org.springframework.expression.common.LiteralExpression;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * A text with SpEL in it.
 */
final class LockedText {

	private static final SpelExpressionParser PARSER = new SpelExpressionParser();

	private final List<Expression> parts;

	private LockedText(List<Expression> parts) {
		this.parts = parts;
	}

	/**
	 * Reads a text.
	 * @param text the text, without placeholders
	 * @param variables the variables that there are
	 * @return the text
	 * @throws RuntimeException if it cannot be read or names an unknown variable
	 */
	static LockedText of(String text, Set<String> variables) {
		Expression expression = PARSER.parseExpression(text, ParserContext.TEMPLATE_EXPRESSION);
		List<Expression> parts = (expression instanceof CompositeStringExpression composite)
				? List.of(composite.getExpressions()) : List.of(expression);
		for (Expression part : parts) {
			if (part instanceof SpelExpression spel) {
				checkVariables(text, spel.getAST(), variables);
			}
			else {
				Assert.isTrue(part.getExpressionString().indexOf('#') < 0,
						() -> "'" + text + "' has a # outside of an expression; write #{#name} for an argument");
			}
		}
		return new LockedText(parts);
	}

	static @Nullable LockedText ofNullable(String text, Set<String> variables) {
		return StringUtils.hasText(text) ? of(text, variables) : null;
	}

	private static void checkVariables(String text, SpelNode node, Set<String> variables) {
		if (node instanceof VariableReference variable) {
			Assert.isTrue(variables.contains(variable.toStringAST()),
					() -> "'%s' names %s, but there is only %s".formatted(text, variable.toStringAST(), variables));
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			checkVariables(text, node.getChild(i), variables);
		}
	}

	boolean isLiteral() {
		return this.parts.stream().allMatch(LiteralExpression.class::isInstance);
	}

	String evaluate(EvaluationContext context) {
		StringBuilder text = new StringBuilder();
		for (Expression part : this.parts) {
			Object value = part.getValue(context);
			Assert.notNull(value, () -> "#{" + part.getExpressionString() + "} is null");
			text.append(value);
		}
		return text.toString();
	}

}
