// The part of the audio worklet's own global scope that is used; TypeScript's DOM library leaves it out.

declare const sampleRate: number

declare class AudioWorkletProcessor {
  readonly port: MessagePort
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean
}

declare function registerProcessor(name: string, processor: new (options: never) => AudioWorkletProcessor): void
