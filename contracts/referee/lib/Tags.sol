// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice First word of every hashed structure: keccak256("essaim/<name>/1").
library Tags {
    bytes32 internal constant TENSOR = 0x7d01a85deda6666373b9040cc046411505bb17a57cb61971ff1d7c4587caffde;
    bytes32 internal constant OPERATOR = 0x98214d5a454d6923439fc927b88c0a6986f20ab1ea7fb247e8afbb13a5360bd2;
    bytes32 internal constant SEGMENT = 0x45323ddad4ca43458d111dedb467bb6189b88f0b446d3aecd6cb1274c5e4401f;
    bytes32 internal constant INTERFACE = 0xb70da152bdb2f2173fd4ff9cf90815f86f543d0bf60928b247340a2bb3a77169;
    bytes32 internal constant PROGRAM = 0xc58684b2ea7de13141ad0938e2d14e0e6419a46ca0a8f0916b4872a9337ce820;
    bytes32 internal constant CLAIM = 0x1b63da1ac45e9310409e3e4b017e47ce1ccf6b0e9ed7d78a9cffaff87ca87e2c;
    bytes32 internal constant CONTEXT = 0x2814ea9b61befb3430105ba910db1197571bf34619dedeec948b01c4581d0e62;
    bytes32 internal constant ACCUSATION = 0xf7b80ff11ff4bd40623f9ff2805610cf9857f159887c9036b8bf9c5fd889983f;

    /// @notice keccak256(`tag` ‖ `length` bytes of calldata at `pointer`).
    function hash(bytes32 tag, uint256 pointer, uint256 length) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, tag)
            calldatacopy(add(free, 32), pointer, length)
            digest := keccak256(free, add(32, length))
        }
    }
}
