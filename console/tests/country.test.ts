import { describe, expect, it } from 'vitest'
import { inWords } from '../src/texts/country'
import { es } from '../src/texts/es'

const parts = import.meta.glob<Record<string, unknown>>('../src/texts/es*.ts', { eager: true })

function sentences(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'function') return [String(value('Ana', 'Luis', 'Eva', 'Sol', 'Max', 'Kim'))]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(sentences)
}

const said = (country: string) => sentences(inWords(parts, country))
const inSpain = inWords(es, 'ES')
const inMexico = inWords(es, 'MX')
const inChile = inWords(es, 'CL')

describe('words of the country', () => {
  it('are those of the base along the River Plate', () => {
    expect(inWords(es, 'AR')).toBe(es)
    expect(inWords(es, 'UY').nav.deposits).toBe('Señas')
  })

  it('are señal, bono and aquí in Spain', () => {
    expect(inSpain.nav.deposits).toBe('Señales')
    expect(inSpain.deposits.confirm).toBe('Confirmar señal')
    expect(inSpain.booking.voucherSend).toBe(es.booking.voucherSend)
    expect(inSpain.booking.voucherNone).toBe('El bono se hace al confirmarse la reserva.')
    for (const text of said('ES')) expect(text).not.toMatch(/(?<!\p{L})(señas?|voucher|celular|acá)(?!\p{L})/iu)
  })

  it('are anticipo, with what goes with it, elsewhere', () => {
    expect(inChile.nav.deposits).toBe('Anticipos')
    expect(inChile.deposits.asked).toBe('Anticipo pedido')
    expect(inChile.keys.confirmDeposit).toBe('Confirmar el anticipo abierto')
    expect(inChile.deposits.confirmed('Ana')).toBe('Anticipo de Ana confirmado. La reserva se está haciendo.')
    expect(inChile.deposits.noneAll).toBe('Todavía no llegó ningún anticipo.')
    expect(inChile.deposits.less('$ 100')).toContain('El anticipo queda recibido a cuenta')
    expect(inChile.bookings.deposits.received).toBe('recibido, por verificar')
    for (const text of said('CL')) {
      expect(text).not.toMatch(/(?<!\p{L})(señas?|acá)(?!\p{L})/iu)
      expect(text).not.toMatch(/(?<!\p{L})(las?|unas?|ninguna|esa|esta|otra) anticipos?/iu)
      expect(text).not.toMatch(/anticipos? (\p{L}+ )?\p{L}+(ada|ida|erta|eta)s?(?!\p{L})/iu)
    }
  })

  it('are reservación in Mexico, and leave what is filled in alone', () => {
    expect(inMexico.nav.bookings).toBe('Reservaciones')
    expect(inMexico.booking.cancel.title).toBe('¿Cancelar la reservación?')
    expect(inMexico.queues.canned.variables).toContain('{reserva}')
    expect(inChile.nav.bookings).toBe('Reservas')
  })

  it('keep every key and every parameter', () => {
    expect(Object.keys(inMexico)).toEqual(Object.keys(es))
    expect(inMexico.deposits.rejecting.length).toBe(es.deposits.rejecting.length)
  })
})
