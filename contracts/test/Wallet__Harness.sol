// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice The least contract wallet: what its owner signs, it signed; what its owner asks, it calls.
contract Wallet__Harness is IERC1271 {
    address private immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    function run(address target, bytes calldata data) external {
        require(msg.sender == OWNER, "not the owner");
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, ) = target.call(data);
        require(done, "refused");
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return ECDSA.recover(hash, signature) == OWNER ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
