// The copilot beside a conversation.

export const copilot = {
  title: 'Copiloto',
  suggestions: 'Respuestas sugeridas',
  none: 'Nada para sugerir por ahora.',
  use: 'Usar',
  useHelp: 'Lo copia al mensaje. No se envía solo.',
  objection: 'Objeción',
  facts: 'Datos',
  summary: 'Resumen',
  asNote: 'Pasar a nota interna',
  model: 'Del modelo de lenguaje',
  modelChoice: 'Modelo de lenguaje',
  writing: 'Escribiendo…',
  nothing: 'Ninguna de sus propuestas se ajustó a los datos.',
  again: 'Pedir otras',
  failed: 'El copiloto no está disponible. La conversación sigue igual.',
}
