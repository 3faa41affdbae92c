export { type NumberTexts, numberTexts } from '../../lib/number-texts.js'
