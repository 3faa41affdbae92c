export { default as css } from './lesson.css'
export { openPredict } from './predict.js'
export { openPresent } from './present.js'
