// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Stands where Malformed is: one program is barred.
contract Barred__Mock {
    bytes32 private immutable PROGRAM;
    bytes32 private immutable REASON;

    constructor(bytes32 programId, bytes32 reason) {
        (PROGRAM, REASON) = (programId, reason);
    }

    function barred(bytes32 programId) external view returns (bytes32) {
        return programId == PROGRAM ? REASON : bytes32(0);
    }
}
