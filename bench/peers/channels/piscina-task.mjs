export default (value) => value + 1
