// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Stands where EIP-2935 has its system contract: a call with a block's number answers its hash, and reverts where
/// it has none. Anyone sets them.
contract BlockHistory__Mock {
    mapping(uint256 number => bytes32) private _hashes;

    function set(uint256 number, bytes32 hash) external {
        _hashes[number] = hash;
    }

    // solhint-disable-next-line payable-fallback
    fallback(bytes calldata data) external returns (bytes memory) {
        bytes32 hash = _hashes[uint256(bytes32(data))];
        require(data.length == 32 && hash != 0, "no hash");
        return abi.encode(hash);
    }
}
